"""Who may ask: pages of this very server that know its token."""

import logging
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from partwise.errors import InputError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                               "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(token: str) -> Middleware:
    """A middleware that lets through what bears the token and comes from here, and makes words of errors.

    The name that a request calls this server by must be its own: a site whose name was made to mean 127.0.0.1 is thus
    kept out, and so are other sites' pages, by their origin.
    """
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = _refused(request, token) or await _answered(request, handler)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    return guarded


def _refused(request: web.Request, token: str) -> web.Response | None:
    name = request.transport.get_extra_info("sockname") if request.transport else None
    own = {f"{host}:{name[1]}" for host in ("127.0.0.1", "localhost")} if name else set()
    if request.host not in own:
        return failure(403, "this server answers to 127.0.0.1 alone")
    if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        return failure(403, "this server answers to its own page alone")
    given = "".join(request.path.split("/")[1:2])  # a path may be "*"
    if not secrets.compare_digest(given.encode(errors="replace"), token.encode()):
        return failure(403, "the address lacks the right token; open the one that partwise view has printed")
    return None


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except InputError as error:
        return failure(400, str(error))
    except web.HTTPException as error:
        return failure(error.status, error.reason)
    except ConnectionError:
        raise  # the page went away; there is nobody to tell
    except Exception as error:
        logging.getLogger("partwise").exception("%s failed", request.method)
        return failure(500, f"partwise failed ({type(error).__name__}); the terminal that it runs in tells more")


def failure(status: int, words: str) -> web.Response:
    """A refusal, in words."""
    return web.json_response({"error": words}, status=status)
