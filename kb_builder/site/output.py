"""Writing the site: only what changed, and nothing that no longer belongs stays."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from kb_builder.diagnostics import KbError
from kb_builder.model.pages import folded


class Output:
    """A folder that will hold exactly what is put into it.

    A file whose bytes are already right is left alone, so it keeps its time; another is replaced, and never written
    into, for it may have a second name elsewhere. Names that begin with a dot are not ours and stay. `held`
    is what the folder holds already, as far as it is known: SHA-256 in hex by path.
    """

    def __init__(self, folder: Path, held: Mapping[str, str] | None = None) -> None:
        self.written = 0
        self.digests: dict[str, str] = {}
        """SHA-256 in hex of every file, by path."""
        self._folder = folder
        self._held = held or {}
        self._folders: set[str] = set()
        self._names: dict[str, str] = {}

    def put(self, path: str, data: bytes) -> None:
        """Put one file; `path` is relative to the folder, with forward slashes.

        Raises KbError when another file has the place already, also where only some systems take it for the
        same: letter case aside, and however accents are written.
        """
        digest = hashlib.sha256(data).hexdigest()
        known = self._names.setdefault(folded(path), path)
        if known != path or self.digests.get(path, digest) != digest:
            raise KbError(f"网站里有两个文件要放在同一个地方：{known} 和 {path}；给其中一个改名")
        self.digests[path] = digest
        target = self._folder / path
        self._make_folder_of(path)
        try:
            _create(target, data)
        except FileExistsError:
            if _holds(target, data):
                return
            _create(target, data)
        self.written += 1

    def _make_folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def page(self, address: str, html: str) -> None:
        """Put the page of an address."""
        self.put(f"{address}index.html", html.encode())

    def holds(self, path: str) -> bool:
        """Whether a file has been put."""
        return path in self.digests

    def take(self, path: str, folder: Path, digest: str) -> bool:
        """Put the file that has this path in another site, and had this SHA-256 when that was made.

        Whether it is still what it was is not looked at here. False, and nothing, when there is no such file.
        """
        source, target = folder / path, self._folder / path
        if source == target:
            if not source.is_file():
                return False
        elif self._held.get(path) != digest:
            self._make_folder_of(path)
            try:
                _link(source, target)
            except FileNotFoundError:
                return False
        self.digests[path] = digest
        return True

    def copy(self, folder: Path) -> None:
        """Put every file of another folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(path.relative_to(folder).as_posix(), path.read_bytes())

    def held(self, folder: str) -> dict[str, str]:
        """What a folder in it is known to hold already: SHA-256 in hex by path in that folder."""
        inside = f"{folder}/"
        return {
            path.removeprefix(inside): digest
            for path, digest in self._held.items()
            if path.startswith(inside)
        }

    def keep(self, folder: str, digests: Mapping[str, str]) -> None:
        """Keep the files of a folder that were written without us; `digests` are by path in it."""
        self.digests.update({f"{folder}/{path}": digest for path, digest in digests.items()})

    def finish(self) -> None:
        """Remove every file and folder that was not put."""
        needed = {""}
        for path in self.digests:
            folder = path.rpartition("/")[0]
            while folder not in needed:
                needed.add(folder)
                folder = folder.rpartition("/")[0]
        self._clear("", needed)

    def _clear(self, inner: str, needed: Collection[str]) -> None:
        """Remove what was not put below a folder, of which some `needed` ones stay."""
        with os.scandir(self._folder / inner) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
        for entry in found:
            path = f"{inner}/{entry.name}" if inner else entry.name
            if not entry.is_dir(follow_symlinks=False):
                if path not in self.digests:
                    (self._folder / path).unlink()
                continue
            self._clear(path, needed)
            # A hidden file in it is not ours.
            if path not in needed and not any((self._folder / path).iterdir()):
                (self._folder / path).rmdir()


def _create(target: Path, data: bytes) -> None:
    with target.open("xb") as file:
        file.write(data)


def _holds(target: Path, data: bytes) -> bool:
    """Whether a file is what it should be; if not, it is removed, whatever it is."""
    if target.is_file() and not target.is_symlink():
        with target.open("rb") as file:
            # A file of another length needs no reading.
            if os.fstat(file.fileno()).st_size == len(data) and file.read() == data:
                return True
    _remove(target)
    return False


def _remove(target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink()


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, in the place of whatever has it. Raises FileNotFoundError when there is no file."""
    if os.path.lexists(target):
        _remove(target)
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:  # A file system without hard links, or another one.
        shutil.copyfile(source, target, follow_symlinks=False)
