"""The live preview."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from documents import case
from site_base import MakeBase, write

from kb_builder import site
from kb_builder.diagnostics import KbError

_PATIENCE = 60
"""Seconds after which a preview that has not done what it should counts as broken."""


def _get(url: str, host: str = "") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _wait(url: str, words: str) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            html = _get(url)[1]
            if words in html:
                return html
        except (urllib.error.URLError, ConnectionError):
            pass  # it has not started yet
        time.sleep(0.2)
    pytest.fail(f"{words} never came")


def test_an_edit_shows_up_and_strangers_are_refused(make_base: MakeBase, tmp_path: Path) -> None:
    root = make_base(case(1, status="草稿"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from kb_builder import site; site.serve(__import__('pathlib').Path({str(root)!r}), '127.0.0.1:{port}', drafts=True)"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/c/CASE-2024-0001/"
        assert "只在预览里看得到" in _wait(url, "第 1 件投诉")
        assert _get(url, "evil.example")[0] == 403
        write(root, *case(1, status="草稿", title="改过的标题"))
        _wait(url, "改过的标题")
        assert not (root / "site").exists()
    finally:
        process.terminate()
        process.wait(10)


def test_a_base_without_mkdocs_yml_is_a_kb_error(make_base: MakeBase) -> None:
    root = make_base()
    (root / "mkdocs.yml").unlink()
    with pytest.raises(KbError, match=r"mkdocs\.yml"):
        site.serve(root, "127.0.0.1:0")
