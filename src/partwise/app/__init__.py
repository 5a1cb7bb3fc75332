"""The local page: segment a file, look at its parts, correct them, take the result away."""
