"""``partwise view``."""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tyro.conf import Positional

from partwise.config import Device, Up

if TYPE_CHECKING:
    from partwise.app.server import Page


@dataclass(frozen=True)
class View:
    """Open a page on this computer to find, look at and correct the parts of a mesh or point cloud.

    Drop a file there, or name it here. Nothing leaves this computer: the page is served on 127.0.0.1 alone, to whoever
    knows the token in its address. Ctrl-C ends it. Needs partwise[view].
    """

    file: Positional[Path | None] = None
    """Mesh or point cloud to begin with."""
    category: str | None = None
    """What the file is, such as chair; recognised if neither this nor a model is given. `partwise models` lists the
    names."""
    model: Path | None = None
    """A model of your own to begin with: a checkpoint, or folder of a training run, of which the best checkpoint is
    taken."""
    taxonomy: Path | None = None
    """File (YAML) of a taxonomy of your own: parts are called by its names, and what a model finds as its `from` says.
    Without --category and --model the file begins as a single part, for you to split and name."""
    up: Up = "y"
    """Axis of the file that points up; guess lets the network say in which position it is surest."""
    max_size: float = 200.0
    """The most that a file dropped on the page may have, in MB."""
    port: int = 0
    """Port to listen on; 0 takes a free one."""
    browser: bool = True
    """Open the page in the browser."""
    device: Device = "auto"
    """Where the network runs."""

    def run(self) -> None:
        """Serve the page until Ctrl-C or SIGTERM."""
        import asyncio

        page = self._page()
        try:
            asyncio.run(self._serve(page))
        except KeyboardInterrupt:
            if page.sessions.at_work:
                _leave(130, "partwise: interrupted\n")
            raise
        if page.sessions.at_work:
            _leave(0)

    def _page(self) -> "Page":
        from partwise.errors import InputError

        try:
            import aiohttp  # noqa: F401 - so that a missing one is said in words
        except ImportError as error:
            raise InputError("partwise view needs aiohttp: pip install 'partwise[view]'") from error
        from partwise.app.analysis import BY_HAND, Analyst
        from partwise.app.requests import settings_of
        from partwise.app.server import Page
        from partwise.models import load_model, shipped_models
        from partwise.taxonomy import read_taxonomy

        if self.file is not None and not self.file.is_file():
            raise InputError(f"{self.file}: no such file")
        if not 0 < self.max_size < float("inf"):
            raise InputError(f"--max-size is {self.max_size}, expected a positive number of MB")
        if self.model is not None and self.category is not None:
            raise InputError("--category and --model both say which model to take; give one of them")
        taxonomy = None if self.taxonomy is None else read_taxonomy(self.taxonomy)
        models = {one.name: one.category for one in shipped_models()}
        if self.model is not None:
            models[str(self.model)] = f"{load_model(self.model).config.category}, {self.model}"
        if taxonomy is not None:
            models[BY_HAND] = "By hand"
        chosen = self.category or (self.model and str(self.model)) or (BY_HAND if taxonomy else None)
        settings = settings_of({"model": chosen, "up": self.up}, models)
        return Page(self.file, settings, models, int(1e6 * self.max_size), Analyst(self.device, taxonomy))

    async def _serve(self, page: "Page") -> None:
        import asyncio
        import secrets
        import signal
        import webbrowser

        from aiohttp import web

        from partwise.app.server import application
        from partwise.errors import InputError

        ended = asyncio.Event()
        with suppress(NotImplementedError):  # on Windows, where nobody sends it
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        token = secrets.token_urlsafe(16)
        runner = web.AppRunner(application(page, token), access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        try:
            try:
                await site.start()
            except (OSError, OverflowError) as error:
                raise InputError(f"--port {self.port}: cannot be listened on ({error}); choose another, or 0 for a "
                                 "free one") from error
            address = f"http://127.0.0.1:{runner.addresses[0][1]}/{token}/"
            print(f"partwise: {address}  (Ctrl-C ends it)", flush=True)
            if self.browser and not await asyncio.to_thread(webbrowser.open, address):
                print("partwise: no browser could be opened; open the address above", file=sys.stderr)
            await ended.wait()
        finally:
            await runner.cleanup()


def _leave(status: int, words: str = "") -> NoReturn:
    """End the process at once; Python would wait for the thread, which nothing stops within a stage."""
    sys.stderr.write(words)
    sys.stderr.flush()
    os._exit(status)
