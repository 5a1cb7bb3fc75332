"""The server of the page: what a browser on this computer may ask for."""

import asyncio
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from aiohttp import web

from partwise.app.analysis import Analysis, Analyst, Say, Settings
from partwise.app.guard import failure, guard
from partwise.app.requests import body_of, corrected, settings_of
from partwise.app.sessions import Session, Sessions
from partwise.config import Up
from partwise.errors import InputError
from partwise.files import replacing
from partwise.mesh import SUFFIXES
from partwise.result.files import write_segmentation
from partwise.viewer import write_view
from partwise.viewer.page import viewer_script

_PAGE = {"": ("page.html", "text/html"), "page.css": ("page.css", "text/css"),
         "page.js": ("page.js", "text/javascript"), "corrections.js": ("corrections.js", "text/javascript")}


class Page:
    """The handlers of all addresses below the token.

    file : that each page begins with; None lets the person drop one
    settings : that each page begins with
    models : the models that a page may choose, and what it calls each
    most : bytes that a file may have
    """

    def __init__(self, file: Path | None, settings: Settings, models: Mapping[str, str], most: int,
                 analyst: Analyst) -> None:
        self._file, self._settings, self._models, self._most = file, settings, models, most
        self._analyst = analyst
        self.sessions = Sessions()

    def routes(self, token: str) -> list[web.RouteDef]:
        """What can be asked for."""
        one = f"/{token}/sessions/{{id}}"
        return [web.get(f"/{token}/viewer.js", self.viewer), web.get(f"/{token}/{{name:[a-z.]*}}", self.asset),
                web.post(f"/{token}/sessions", self.start), web.get(one, self.state),
                web.put(f"{one}/file", self.upload), web.post(f"{one}/run", self.run),
                web.post(f"{one}/cancel", self.cancel), web.get(f"{one}/view", self.view),
                web.post(f"{one}/correct", self.correct), web.post(f"{one}/undo", self.undo),
                web.get(f"{one}/result.zip", self.download), web.post(f"{one}/close", self.close)]

    async def asset(self, request: web.Request) -> web.Response:
        """The page itself."""
        if request.match_info["name"] not in _PAGE:
            raise web.HTTPNotFound
        name, kind = _PAGE[request.match_info["name"]]
        text = resources.files("partwise.app").joinpath("page", name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind)

    async def viewer(self, request: web.Request) -> web.Response:
        """The viewer's bundle."""
        return web.Response(text=viewer_script(), content_type="text/javascript")

    async def start(self, request: web.Request) -> web.Response:
        """A session for a page that was opened, and what it has to know."""
        session = self.sessions.start()
        if self._file is not None:
            session.path, session.title = self._file, self._file.name
        return web.json_response({"id": session.id, "title": session.title, "most": self._most, "suffixes": SUFFIXES,
                                  "models": dict(self._models),
                                  "settings": vars(self._settings), "up": get_args(Up)})

    async def state(self, request: web.Request) -> web.Response:
        """How far the work is."""
        return web.json_response(self._session(request).state())

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file; its name is a title, and no more than its suffix reaches the disk."""
        session = self._session(request)
        if session.stage is not None:
            raise InputError("still at work; wait or cancel first")
        title = request.query.get("name", "").replace("\\", "/").rpartition("/")[2][-120:] or "a file without a name"
        suffix = Path(title).suffix.lower()
        if suffix not in SUFFIXES:
            raise InputError(f"{title}: unknown suffix '{suffix}'; known are {', '.join(SUFFIXES)}")
        path = Path(session.folder.name) / f"input{suffix}"
        if not await self._received(request, path):
            return failure(413, f"{title}: is larger than {self._most / 1e6:,.0f} MB, the most that this page takes; "
                                "--max-size of partwise view sets it")
        if session.path is not None and session.path != path and session.path != self._file:
            session.path.unlink()
        session.path, session.title, session.steps = path, title, []
        return web.json_response(session.state())

    async def _received(self, request: web.Request, path: Path) -> bool:
        """Write the body to a file, unless it is too large, which is known at once or on the way."""
        if (request.content_length or 0) > self._most:
            return False
        size = 0
        with replacing(path) as temporary:
            with temporary.open("wb") as file:
                async for chunk in request.content.iter_chunked(1 << 18):
                    size += len(chunk)
                    if size > self._most:
                        break
                    file.write(chunk)
            if size > self._most:
                temporary.write_bytes(b"")
        return size <= self._most

    async def run(self, request: web.Request) -> web.Response:
        """Segment the file, as the page's settings say."""
        session, settings = self._session(request), settings_of(await body_of(request), self._models)
        path = session.path
        if path is None:
            raise InputError("there is no file yet; drop one first")

        def work(say: Say) -> None:
            session.show([self._analyst(path, session.title, settings, say)])

        self.sessions.do(session, work)
        return web.json_response(session.state())

    async def cancel(self, request: web.Request) -> web.Response:
        """Stop after the stage at hand."""
        session = self._session(request)
        session.cancelled.set()
        return web.json_response(session.state())

    async def close(self, request: web.Request) -> web.Response:
        """The page was left: its files go."""
        self.sessions.drop(self._session(request).id)
        return web.json_response({})

    async def view(self, request: web.Request) -> web.Response:
        """The newest result, for the viewer, and the classes that its parts may have."""
        session = self._session(request)
        taxonomy = session.newest().found.taxonomy
        classes = {number: taxonomy.level(number).names for number in taxonomy.real_levels}
        head = f'{{"classes":{json.dumps(classes)},"view":'.encode()
        return web.Response(body=head + session.view + b"}", content_type="application/json")

    async def correct(self, request: web.Request) -> web.Response:
        """Merge, split or reclass parts."""
        session, body = self._session(request), await body_of(request)
        shown = session.newest()

        def work(say: Say) -> None:
            say("correcting")
            session.show([*session.steps, replace(shown, found=corrected(shown, body))])

        self.sessions.do(session, work)
        return web.json_response(session.state())

    async def undo(self, request: web.Request) -> web.Response:
        """Go back to the result before."""
        session = self._session(request)
        if len(session.steps) < 2:
            raise InputError("there is nothing to undo")
        self.sessions.do(session, lambda say: session.show(session.steps[:-1]))
        return web.json_response(session.state())

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A zip of the folder that ``partwise segment`` writes."""
        session = self._session(request)
        shown = session.newest()
        work = self.sessions.do(session, lambda say: _zipped(session, shown, say))
        path = await asyncio.wrap_future(work)
        if path is None:
            return failure(409, session.error or "cancelled")
        name = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in Path(session.title).stem)
        response = web.FileResponse(path)
        response.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()}' \
                                                  '-parts.zip"'
        return response

    def _session(self, request: web.Request) -> Session:
        return self.sessions[request.match_info["id"]]


def application(page: Page, token: str) -> web.Application:
    """The server's routes behind their guard; when it stops, all work is cancelled and all files removed."""
    async def close(app: web.Application) -> None:
        page.sessions.close()

    app = web.Application(middlewares=[guard(token)], client_max_size=1 << 20)
    app.add_routes(page.routes(token))
    app.on_cleanup.append(close)
    return app


def _zipped(session: Session, shown: Analysis, say: Say) -> Path:
    say("writing")
    path = Path(session.folder.name) / "result.zip"
    with TemporaryDirectory(dir=session.folder.name) as folder, replacing(path) as temporary:
        whole = Path(folder)
        write_segmentation(whole, shown.found, session.title, shown.model)
        write_view(whole / "view.html", shown.found, session.title)
        say("writing")
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(one for one in whole.rglob("*") if one.is_file()):
                archive.write(one, one.relative_to(whole))
    return path
