"""Writing the site: only what changed, and nothing that no longer belongs stays."""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from kb_builder.diagnostics import KbError


class Output:
    """A folder that will hold exactly what is put into it.

    A file whose bytes are already right is left alone, so it keeps its time. Names that begin with
    a dot are not ours and stay.
    """

    def __init__(self, folder: Path) -> None:
        self.written = 0
        self.digests: dict[str, str] = {}
        """SHA-256 in hex of every file, by path."""
        self._folder = folder
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
        parent = path.rpartition("/")[0]
        if parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(parent)
        try:
            with target.open("xb") as file:
                file.write(data)
        except FileExistsError:
            if _holds(target, data):
                return
            target.write_bytes(data)
        self.written += 1

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
        if source != target:
            target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if source != target:
                _link(source, target)
            elif not source.is_file():
                return False
        except FileNotFoundError:
            return False
        self.digests[path] = digest
        return True

    def copy(self, folder: Path) -> None:
        """Put every file of another folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(path.relative_to(folder).as_posix(), path.read_bytes())

    def keep(self, folder: str, digests: Mapping[str, str]) -> None:
        """Keep the files of a folder that were written without us; `digests` are by path in it."""
        self.digests.update({f"{folder}/{path}": digest for path, digest in digests.items()})

    def finish(self) -> None:
        """Remove every file and folder that was not put."""
        for name, folders, files in os.walk(self._folder, topdown=False):
            folder = Path(name)
            inner = folder.relative_to(self._folder)
            if any(part.startswith(".") for part in inner.parts):
                continue
            for file in files:
                if not file.startswith(".") and (inner / file).as_posix() not in self.digests:
                    (folder / file).unlink()
            for child in folders:
                path = folder / child
                if child.startswith("."):
                    continue
                if path.is_symlink():
                    path.unlink()
                elif not any(path.iterdir()):
                    path.rmdir()


def folded(path: str) -> str:
    """What two paths have in common that some file systems take for the same."""
    return unicodedata.normalize("NFC", path).casefold()


def _holds(target: Path, data: bytes) -> bool:
    if target.is_symlink() or not target.is_file():
        # Whatever it is, what we write must not go through it.
        shutil.rmtree(target) if target.is_dir() and not target.is_symlink() else target.unlink()
        return False
    with target.open("rb") as file:
        # A file of another length needs no reading.
        return os.fstat(file.fileno()).st_size == len(data) and file.read() == data


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:  # A file system without hard links, or another one.
        shutil.copyfile(source, target, follow_symlinks=False)
