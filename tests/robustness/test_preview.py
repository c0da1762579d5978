"""The preview server: it answers its own browser and nobody else, and only to read."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from mkdocs.livereload import LiveReloadServer
from places import REPOSITORY
from playwright.sync_api import Browser, expect
from trees import settings_files

from kb_builder import site
from kb_builder.diagnostics import KbError
from kb_builder.site import preview

PATIENCE = 60
"""Seconds after which a preview that has not started counts as broken."""

TRAVERSALS = [
    "/../secret.txt",
    "/../../../../etc/passwd",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/c/../../secret.txt",
    "/..\\secret.txt",
    "/%5c..%5csecret.txt",
    "//etc/passwd",
    "/....//secret.txt",
    "/c/CASE-2024-0001/../../../secret.txt",
    "/.kb/stamps.json",
    "/site_config/schema.yml",
]
HOSTS = {
    "127.0.0.1:{port}": 200,
    "localhost:{port}": 200,
    "localhost": 200,
    "[::1]:{port}": 200,
    "evil.example": 403,
    "evil.example:{port}": 403,
    "127.0.0.1.evil.example": 403,
    "localhost@evil.example": 403,
    "": 403,
}
METHODS = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small base, and beside it what must not be read."""
    parent = tmp_path_factory.mktemp("preview")
    (parent / "secret.txt").write_text("机密", encoding="utf-8")
    root = parent / "base"
    case = (
        "---\nid: CASE-2024-0001\ntitle: 座椅套漏了单\nstatus: 草稿\nvisibility: 内部\n"
        "occurred_on: 2024\nchannel: [投诉电话]\n---\n\n## 记录\n\n客户来电。\n"
    )
    files = dict(settings_files()) | {"cases/resolved/2024/CASE-2024-0001.md": case.encode()}
    files["cases/index.md"] = "---\nvisibility: 公开\n---\n\n# 首页\n".encode()
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def log(folder: Path) -> Path:
    return folder.parent / "log"


@pytest.fixture(scope="module")
def port(folder: Path, log: Path) -> Iterator[int]:
    """The port of a running preview of all pages and drafts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    command = [sys.executable, "-m", "kb_builder", "--root", str(folder), "serve", "--drafts"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--port", str(number)], stdout=file, stderr=file, cwd=REPOSITORY
        )
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            try:
                if ask(number, "/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield number
    finally:
        process.terminate()
        process.wait(10)


def ask(
    port: int, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a request whose path is sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", f"127.0.0.1:{port}" if host is None else host)
        connection.endheaders()
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", TRAVERSALS)
def test_nothing_outside_the_site_is_read(port: int, path: str) -> None:
    status, _, body = ask(port, path)
    assert status in (400, 404)
    assert "机密".encode() not in body
    assert b"root:" not in body


@pytest.mark.parametrize(("host", "status"), HOSTS.items())
def test_only_this_machines_own_names_are_answered(port: int, host: str, status: int) -> None:
    assert ask(port, "/", host=host.format(port=port))[0] == status


@pytest.mark.parametrize("method", METHODS)
def test_it_is_for_reading_only(port: int, method: str) -> None:
    status, headers, body = ask(port, "/", method=method)
    assert status in (405, 501)
    assert b"Traceback" not in body
    if status == 405:
        assert headers["allow"] == "GET, HEAD"


def test_a_head_request_gets_no_body(port: int) -> None:
    status, headers, body = ask(port, "/c/CASE-2024-0001/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000


@pytest.mark.parametrize("path", ["/", "/c/CASE-2024-0001/", "/assets/", "/nothing/", "/%00"])
def test_every_answer_carries_the_policy(port: int, path: str) -> None:
    _, headers, body = ask(port, path)
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert b"Traceback" not in body


@pytest.mark.parametrize(
    "path", ["/%00", "/c/%00/", "/%0d%0aSet-Cookie:x=1", "/%7f", "/" + "a" * 9000, "/%ff%fe"]
)
def test_odd_paths_are_refused_without_a_traceback(port: int, log: Path, path: str) -> None:
    status, headers, body = ask(port, path)
    assert status in (400, 404)
    assert b"Traceback" not in body
    assert "set-cookie" not in headers
    assert b"Traceback" not in log.read_bytes()


def test_broken_requests_harm_nobody(port: int, log: Path) -> None:
    for data in (b"\r\n\r\n", b"GET\r\n\r\n", b"\0" * 200, b"GET / HTTP/9.9\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            assert b"Traceback" not in one.recv(4096)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 65_600 + b"\r\n\r\n")
        assert b" 431 " in one.recv(4096)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as one:
        # Closed before the answer is read.
        one.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert ask(port, "/")[0] == 200
    assert b"Traceback" not in log.read_bytes()


def test_a_hundred_silent_connections_do_not_stop_it(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            one.sendall(b"GET / HT")
        assert ask(port, "/")[0] == 200


@pytest.mark.parametrize("guarded", [False, True])
def test_without_the_guard_strangers_are_answered(tmp_path: Path, *, guarded: bool) -> None:
    """The control: the server of MkDocs as it is."""
    (tmp_path / "index.html").write_text("<body>机密</body>", encoding="utf-8")
    server = LiveReloadServer(lambda: None, "127.0.0.1", 0, str(tmp_path))
    server.server_bind()
    server.server_activate()
    if guarded:
        preview.guard(server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        port = int(server.server_address[1])
        answers = [ask(port, "/", host="evil.example")[0], ask(port, "/", method="POST")[0]]
        headers = ask(port, "/", host="localhost")[1]
    finally:
        server.shutdown(wait=False)
    assert answers == ([403, 405] if guarded else [200, 200])
    assert ("content-security-policy" in headers) is guarded


def test_it_listens_on_this_machine_only(folder: Path) -> None:
    with pytest.raises(KbError, match="只能在本机"):
        site.serve(folder, "0.0.0.0:0")


@pytest.mark.browser
def test_a_page_reloads_under_the_policy(chromium: Browser, port: int, folder: Path) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"http://127.0.0.1:{port}/c/CASE-2024-0001/")
    expect(page.locator("h1")).to_contain_text("座椅套漏了单")
    path = folder / "cases/resolved/2024/CASE-2024-0001.md"
    path.write_text(path.read_text("utf-8").replace("座椅套漏了单", "座椅套改了名"), "utf-8")
    expect(page.locator("h1")).to_contain_text("座椅套改了名", timeout=PATIENCE * 1000)
    page.close()
    assert [line for line in said if "Content Security Policy" in line] == []
