"""Writing the site: only what changed, and nothing that no longer belongs stays."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Output:
    """A folder that will hold exactly what is put into it.

    A file whose bytes are already right is left alone, so it keeps its time. Names that begin with
    a dot are not ours and stay.
    """

    def __init__(self, folder: Path) -> None:
        self.written = 0
        self._folder = folder
        self._kept: set[str] = set()
        self._folders: set[str] = set()

    def put(self, path: str, data: bytes) -> None:
        """Put one file; `path` is relative to the folder, with forward slashes."""
        self._kept.add(path)
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
        return path in self._kept

    def copy(self, folder: Path) -> None:
        """Put every file of another folder."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(path.relative_to(folder).as_posix(), path.read_bytes())

    def keep(self, path: str) -> None:
        """Keep a folder of files that were written without us."""
        found = (self._folder / path).rglob("*")
        self._kept.update(
            file.relative_to(self._folder).as_posix() for file in found if file.is_file()
        )

    def finish(self) -> None:
        """Remove every file and folder that was not put."""
        for name, folders, files in os.walk(self._folder, topdown=False):
            folder = Path(name)
            inner = folder.relative_to(self._folder)
            if any(part.startswith(".") for part in inner.parts):
                continue
            for file in files:
                if not file.startswith(".") and (inner / file).as_posix() not in self._kept:
                    (folder / file).unlink()
            for child in folders:
                path = folder / child
                if child.startswith("."):
                    continue
                if path.is_symlink():
                    path.unlink()
                elif not any(path.iterdir()):
                    path.rmdir()


def _holds(target: Path, data: bytes) -> bool:
    if target.is_symlink() or not target.is_file():
        # Whatever it is, what we write must not go through it.
        shutil.rmtree(target) if target.is_dir() and not target.is_symlink() else target.unlink()
        return False
    with target.open("rb") as file:
        # A file of another length needs no reading.
        return os.fstat(file.fileno()).st_size == len(data) and file.read() == data
