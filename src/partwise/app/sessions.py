"""What each open page is at work on: its file, its results, and one thread that does the work of all."""

import json
import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from partwise.app.analysis import Analysis, Say
from partwise.errors import InputError
from partwise.viewer import view_data

MOST_SESSIONS = 8
"""The one that was used least recently goes when there are more."""
_MOST_STEPS = 30
"""Steps that can be undone."""
_PATIENCE = 2.0
"""Seconds to wait for the thread at the end."""


class Cancelled(Exception):
    """Raised between stages after a person cancelled."""


@dataclass
class Session:
    """One page: a private folder, a file, and the steps from its first result to what is shown.

    stage : what is being done; None when nothing is
    error : words for the person, of the last thing that was done
    version : counts results, so that a page knows when to fetch the next
    view : the newest result for the viewer, as JSON
    """

    id: str
    folder: TemporaryDirectory[str]
    title: str = ""
    path: Path | None = None
    stage: str | None = None
    error: str | None = None
    version: int = 0
    view: bytes = b""
    steps: list[Analysis] = field(default_factory=list)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def say(self, stage: str) -> None:
        """Begin a stage, unless the person has cancelled."""
        if self.cancelled.is_set():
            raise Cancelled
        self.stage = stage

    def show(self, steps: list[Analysis]) -> None:
        """Make the last of these steps what is shown."""
        self.say("writing")
        data = view_data(steps[-1].found, self.title)
        view = json.dumps(data, allow_nan=False, separators=(",", ":")).encode()
        self.say("writing")
        self.view, self.steps, self.version = view, steps[-_MOST_STEPS:], self.version + 1

    def newest(self) -> Analysis:
        """The result that is shown; InputError where there is none."""
        if not self.steps:
            raise InputError("there is no result yet; drop a file first")
        return self.steps[-1]

    def state(self) -> dict[str, Any]:
        """Plain values for the page."""
        shown = self.steps[-1] if self.steps else None
        return {"title": self.title, "stage": self.stage, "error": self.error, "version": self.version,
                "can_undo": len(self.steps) > 1, "model": shown and shown.model,
                "bandwidth": shown and shown.bandwidth,
                "guesses": [vars(one) for one in shown.guesses[:2]] if shown else []}


class Sessions:
    """All sessions, and the thread.

    at_work : whether the thread still was when ``close`` stopped waiting for it; only the end of the process ends it
    """

    def __init__(self) -> None:
        self.at_work: bool = False
        self._root = TemporaryDirectory(prefix="partwise-", ignore_cleanup_errors=True)
        self._open: dict[str, Session] = {}
        self._thread = ThreadPoolExecutor(1, "partwise")

    def start(self) -> Session:
        """A new session; the one used least recently is dropped if there are too many."""
        while len(self._open) >= MOST_SESSIONS:
            self.drop(next(iter(self._open)))
        session = Session(secrets.token_urlsafe(12), TemporaryDirectory(dir=self._root.name))
        self._open[session.id] = session
        return session

    def __getitem__(self, id: str) -> Session:
        """The session, which counts as used; InputError where it was dropped."""
        session = self._open.pop(id, None)
        if session is None:
            raise InputError("this page was left behind by newer ones, or partwise was started anew; reload it")
        self._open[id] = session
        return session

    def do(self, session: Session, work: Callable[[Say], Any]) -> "Future[Any]":
        """Let the thread do something for a session; its stage and error tell how it goes.

        The future has the work's result, or None where it failed or was cancelled. InputError: the session is busy.
        """
        if session.stage is not None:
            raise InputError("still at work; wait or cancel first")
        session.stage, session.error = "waiting", None
        session.cancelled.clear()
        return self._thread.submit(_done, session, work)

    def drop(self, id: str) -> None:
        """Cancel a session's work and remove its files."""
        session = self._open.pop(id)
        session.cancelled.set()
        self._thread.submit(session.folder.cleanup)  # after what the thread may still do with it

    def close(self) -> None:
        """Cancel all work and remove all files; wait a moment for the thread, but not for a stage that takes long."""
        for id in list(self._open):
            self.drop(id)
        last = self._thread.submit(bool)
        self._thread.shutdown(wait=False)
        self.at_work = not wait([last], _PATIENCE).done
        self._root.cleanup()


def _done(session: Session, work: Callable[[Say], Any]) -> Any:
    try:
        session.say("waiting")
        return work(session.say)
    except Cancelled:
        return None
    except InputError as error:
        session.error = str(error)
    except Exception as error:
        logging.getLogger("partwise").exception("work for a page failed")
        session.error = f"partwise failed ({type(error).__name__}); the terminal that it runs in tells more"
    finally:
        session.stage = None
    return None
