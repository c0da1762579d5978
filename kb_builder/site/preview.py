"""The live preview shows drafts, so it answers nobody but the one who runs it, and nothing but reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from http.client import responses
from pathlib import Path
from typing import Any, cast

from mkdocs.livereload import LiveReloadServer

from kb_builder.diagnostics import KbError
from kb_builder.site import policy

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}
_METHODS = ("GET", "HEAD")
_SCRIPT = "/livereload/preview.js"
_WAIT = re.compile(r"/livereload/[0-9]{1,15}/0")
_LONGEST = 4096
"""The longest path that is looked at, in characters; no page has a tenth of it."""
_PATIENCE = 30
"""How many seconds a connection may stay silent before it has said what it wants."""

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]


def guard(server: LiveReloadServer) -> None:
    """Make a preview server safe to run beside a browser that visits other sites.

    It must listen on this machine only. Requests under another name are refused: a web page elsewhere can make
    its own name point to this machine and read the answers; the `Host` header gives it away. Only GET and HEAD are
    answered, with the headers the site asks for; what goes wrong inside is not shown. Raises KbError for an
    address that others can reach.
    """
    require_local(str(server.server_address[0]))
    application = _Application(server, server.serve_request)
    server.set_app(application)
    # The theme's policy runs no inline script, and MkDocs would put one into each page.
    server._inject_js_into_html = _with_script  # type: ignore[method-assign]
    cast(Any, server.RequestHandlerClass).timeout = _PATIENCE
    # A connection that breaks off is nothing to print a traceback for.
    server.handle_error = _ignore  # type: ignore[method-assign]


def require_local(address: str) -> None:
    """Raises KbError for an address of a preview, with a port or without, that others can reach."""
    host = _name(address)
    if host not in _LOCAL | {"::1"}:
        raise KbError(f"预览只能在本机打开，不能用 {host}；要给别人看，用 kb build 生成网站")


class _Application:
    """Answers requests, or lets MkDocs answer those that are in order."""

    def __init__(
        self, server: LiveReloadServer, inner: Callable[[dict[str, Any], StartResponse], Any]
    ) -> None:
        self._root = Path(server.root)
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        if _name(environ.get("HTTP_HOST", "")) not in _LOCAL:
            return self._refuse(start, 403, "请用启动预览时显示的地址访问")
        if method not in _METHODS:
            return self._refuse(start, 405, "这里只能看", ("Allow", ", ".join(_METHODS)))
        if not _is_plain(path):
            return self._refuse(start, 400, "看不懂这个地址")
        if path == _SCRIPT:
            text = (Path(__file__).parent / "assets" / "preview.js").read_bytes()
            start("200 OK", self._headers([("Content-Type", "text/javascript; charset=utf-8")]))
            return [] if method == "HEAD" else [text]
        if path.startswith("/livereload/") and not _WAIT.fullmatch(path):
            return self._refuse(start, 404, "没有这一页")
        answer = self._inner(environ, lambda status, headers: start(status, self._headers(headers)))
        if method != "HEAD":
            return answer  # type: ignore[no-any-return]
        if hasattr(answer, "close"):
            answer.close()
        return []

    def _refuse(
        self, start: StartResponse, status: int, why: str, *more: tuple[str, str]
    ) -> Iterable[bytes]:
        plain = ("Content-Type", "text/plain; charset=utf-8")
        start(f"{status} {responses[status]}", self._headers([plain, *more]))
        return [why.encode()]

    def _headers(self, headers: Headers) -> Headers:
        return [*headers, *policy.sent_with(self._root), ("Cache-Control", "no-store")]


def _is_plain(path: str) -> bool:
    """Whether a path can be that of a page: nothing invisible, no way up, no folder of another system."""
    try:
        path = path.encode("latin-1").decode("utf-8")  # as WSGI hands it over
    except UnicodeError:
        return False
    parts = path.split("/")
    return (
        len(path) <= _LONGEST
        and path.startswith("/")
        and not any(character < " " or character == "\x7f" for character in path)
        and not any(part == ".." or "\\" in part for part in parts)
    )


def _with_script(content: bytes, epoch: int) -> bytes:
    """A page with the script that reloads it, before the end of its body."""
    script = f'<script src="{_SCRIPT}" data-epoch="{epoch}"></script>'.encode()
    before, end, after = content.rpartition(b"</body>")
    return before + script + end + after


def _ignore(request: object, client_address: object) -> None:
    """Say nothing of a connection that failed."""


def _name(host: str) -> str:
    """The name in `name:port`."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host
