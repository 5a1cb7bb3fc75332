"""The one exception that means: what the user gave cannot be used."""


class InputError(ValueError):
    """A file, folder, option or array from outside is unusable.

    The message names it, says what was expected, what was found and what to do. The command line prints the
    message without a traceback and exits with status 1.
    """


class TrainingError(RuntimeError):
    """Training cannot go on, such as when the loss is no longer a number; what was saved before is whole."""
