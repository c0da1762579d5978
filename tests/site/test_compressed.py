"""Compressed copies: only where they help, and always the same."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

from kb_builder.site.compressed import compress


def test_text_that_shrinks_gets_a_copy(tmp_path: Path) -> None:
    page = ("<p>漏下单了，客户很着急。</p>\n" * 200).encode()
    (tmp_path / "c").mkdir()
    (tmp_path / "c/index.html").write_bytes(page)
    (tmp_path / "short.html").write_bytes(b"<p>")
    (tmp_path / "0.bin").write_bytes(page)
    (tmp_path / "noise.js").write_bytes(os.urandom(4096))
    (tmp_path / "link.html").symlink_to("c/index.html")
    assert compress(tmp_path) == 1
    copy = tmp_path / "c/index.html.gz"
    assert gzip.decompress(copy.read_bytes()) == page
    assert sorted(path.name for path in tmp_path.rglob("*.gz")) == ["index.html.gz"]


def test_name_and_time_do_not_show(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(b"x" * 5000)
        os.utime(tmp_path / name, (time.time(), 0))
    compress(tmp_path)
    assert (tmp_path / "a.html.gz").read_bytes() == (tmp_path / "b.html.gz").read_bytes()


def test_copies_are_not_compressed_again(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"x" * 5000)
    assert compress(tmp_path) == compress(tmp_path) == 1
    assert not (tmp_path / "a.html.gz.gz").exists()
