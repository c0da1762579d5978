"""Files appear whole or not at all, and never over one that is there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kb_builder.diagnostics import KbError
from kb_builder.intake import files


def test_create_makes_the_folder_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙.md"
    files.create(path, b"one")
    with pytest.raises(FileExistsError):
        files.create(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(path.parent.iterdir()) == [path]


def test_create_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", refuse)
    path = tmp_path / "乙.md"
    files.create(path, b"one")
    assert path.read_bytes() == b"one"
    with pytest.raises(FileExistsError):
        files.create(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "甲").write_bytes(b"")
    with pytest.raises(KbError, match="建不了文件夹"):
        files.create(tmp_path / "甲" / "乙.md", b"one")


def test_replace_only_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "乙.md"
    path.write_bytes(b"one")
    digest = hashlib.sha256(b"one").hexdigest()
    assert files.replace(path, b"two", digest)
    assert not files.replace(path, b"three", digest)
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]
