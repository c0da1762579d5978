"""What is saved while the preview builds: never lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from documents import case
from mkdocs.livereload import LiveReloadServer
from site_base import MakeBase, write

from kb_builder import loader
from kb_builder.site.build import _Running
from kb_builder.site.plugin import KbPlugin
from kb_builder.site.reloading import Reloading

_PATIENCE = 60
"""Seconds after which what has not happened counts as lost."""


@dataclass
class Preview:
    """A server of MkDocs whose builds wait to be let go, and what each of them read."""

    root: Path
    outdated: bool = False
    read: list[str] = field(default_factory=list)
    remade: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file = self.root / "cases" / "a.md"
        self.file.parent.mkdir()
        self.begun, self.let = threading.Semaphore(0), threading.Semaphore(0)
        self.server = LiveReloadServer(self._build, "127.0.0.1", 0, str(self.root))
        reloading = Reloading(
            self.server, self.root, ("cases",), self._remake, lambda: self.outdated
        )
        reloading.start()
        self.loop = threading.Thread(target=self.server._build_loop)
        self.loop.start()

    def _build(self) -> None:
        self.read.append(self.file.read_text("utf-8") if self.file.exists() else "")
        self.begun.release()
        assert self.let.acquire(timeout=_PATIENCE)

    def _remake(self, path: str) -> bool:
        self.remade.append(path)
        return False

    def wait_for_wish(self) -> None:
        """Until the server wants another build."""
        with self.server._rebuild_cond:
            assert self.server._rebuild_cond.wait_for(lambda: self.server._want_rebuild, _PATIENCE)

    def end(self) -> None:
        self.server._shutdown = True
        for _ in range(9):
            self.let.release()
        self.loop.join(_PATIENCE)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Callable[..., Preview]]:
    made: list[Preview] = []

    def make(**fields: bool) -> Preview:
        made.append(Preview(tmp_path, **fields))
        return made[-1]

    yield make
    for each in made:
        each.end()


def test_a_save_during_a_build_is_in_the_next_one(
    preview: Callable[..., Preview], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mkdocs.kb")
    running = preview()
    running.file.write_text("one", "utf-8")
    assert running.begun.acquire(timeout=_PATIENCE)
    before = len(running.remade)
    visible = running.server._visible_epoch
    running.file.write_text("two", "utf-8")
    running.wait_for_wish()
    # The page isn't made by itself while the site is built, and whoever saved is told so.
    assert len(running.remade) == before
    said: list[str] = []
    for record in caplog.records:
        _Running(said.append).emit(record)
    assert "正在生成；cases/a.md 的改动，接着就做。" in said
    running.let.release()
    assert running.begun.acquire(timeout=_PATIENCE)
    assert running.read[-1] == "two"
    assert running.server._visible_epoch > visible


def test_a_save_before_anybody_watches_is_built(preview: Callable[..., Preview]) -> None:
    running = preview(outdated=True)
    assert running.begun.acquire(timeout=_PATIENCE)


def test_the_plugin_knows_what_was_saved_since_it_read(make_base: MakeBase) -> None:
    root = make_base(case(1))
    plugin = KbPlugin()
    plugin._followed = loader.FollowedBase(root)
    plugin._whole = plugin._followed.now()
    assert not plugin._is_outdated()
    write(root, *case(1, title="改过的标题"))
    assert plugin._is_outdated()
    plugin._whole = plugin._followed.now()
    write(root, "site_config/counterpoints.yml", "- id: C1\n  question: 吗？\n")
    assert plugin._is_outdated()
    plugin._whole = plugin._followed.now()
    write(root, "site_config/counterpoints.yml", "- id: [\n")
    assert plugin._is_outdated()
