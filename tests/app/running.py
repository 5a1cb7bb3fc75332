"""The server of the page on a real socket, and a client that asks as the page does."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from partwise.app.analysis import BY_HAND, Analyst, Settings
from partwise.app.server import Page, application
from partwise.models import shipped_models
from partwise.taxonomy import Taxonomy

TOKEN = "a-token"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """Asks a server; ``page`` is its inside."""

    port: int
    page: Page

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/{TOKEN}/"

    def ask(self, method: str, path: str, body: Any = None, token: str = TOKEN, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        connection.request(method, f"/{token}/{path}", data, headers, encode_chunked=True)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer

    def start(self) -> str:
        return f"sessions/{self.ask('POST', 'sessions').json['id']}"

    def upload(self, session: str, name: str, data: bytes) -> Answer:
        return self.ask("PUT", f"{session}/file?name={quote(name)}", data)

    def settled(self, session: str) -> dict[str, Any]:
        """The state after the work."""
        for _ in range(1200):
            state = self.ask("GET", session).json
            if state["stage"] is None:
                return state
            time.sleep(0.05)
        raise AssertionError(state)

    def run(self, session: str, **settings: Any) -> dict[str, Any]:
        answer = self.ask("POST", f"{session}/run", {"model": "chair", "points": 1000, "up": "y", **settings})
        assert answer.status == 200, answer.json
        return self.settled(session)

    def do(self, session: str, **body: Any) -> dict[str, Any]:
        assert self.ask("POST", f"{session}/correct", body).status == 200
        return self.settled(session)

    def parts(self, session: str, level: int) -> dict[int, str]:
        view = self.ask("GET", f"{session}/view").json["view"]
        return {part["id"]: part["class"] for part in view["levels"][level - 1]["parts"]}


@contextmanager
def running(file: Path | None = None, most: int = 20_000_000, settings: Settings | None = None,
            models: Mapping[str, str] | None = None, taxonomy: Taxonomy | None = None) -> Iterator[Client]:
    """A server until the end of the block, that knows these models beside those that come with partwise."""
    known = {one.name: one.category for one in shipped_models()} | dict(models or {})
    known |= {BY_HAND: "By hand"} if taxonomy else {}
    page = Page(file, settings or Settings(), known, most, Analyst("cpu", taxonomy))
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(application(page, TOKEN), access_log=None, shutdown_timeout=1)

    async def start() -> int:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner.addresses[0][1]

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Client(asyncio.run_coroutine_threadsafe(start(), loop).result(30), page)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
