"""The live preview shows drafts, so it answers nobody but the one who runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mkdocs.livereload import LiveReloadServer

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def guard(server: LiveReloadServer) -> None:
    """On a loopback address, refuse requests made under any other name.

    A web page elsewhere can make its own name point to this machine and read the answers; the
    `Host` header gives it away. Whoever serves to a network has chosen to be reached.
    """
    if _name(str(server.server_address[0])) not in _LOCAL | {"::1"}:
        return
    inner: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]] = server.serve_request

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _name(environ.get("HTTP_HOST", "")) in _LOCAL:
            return inner(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return ["请用启动预览时显示的地址访问".encode()]

    server.set_app(serve)


def _name(host: str) -> str:
    """The name in `name:port`."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host
