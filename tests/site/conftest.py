"""Small bases made for a test, and what is built from them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from site_base import MKDOCS, REPOSITORY, TODAY, BuildSite, MakeBase, write

from kb_builder import loader, site


@pytest.fixture
def make_base(tmp_path: Path) -> MakeBase:
    """Makes a base of files, with this repository's schema and vocabularies."""

    def make(*files: tuple[str, str], mkdocs: str = MKDOCS, **others: str) -> Path:
        root = tmp_path / "base"
        for name in ("schema.yml", "roles.yml", "taxonomy"):
            source = REPOSITORY / "site_config" / name
            target = root / "site_config" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        (root / "cases").mkdir()
        (root / "mkdocs.yml").write_text(mkdocs, encoding="utf-8")
        for path, text in (*files, *others.items()):
            write(root, path, text)
        return root

    return make


@pytest.fixture
def build_site(tmp_path: Path) -> BuildSite:
    """Builds a base and gives the folder of the site. Nothing is checked unless `check` is set."""

    def build(root: Path, *, drafts: bool = False, check: bool = False, to: str = "site") -> Path:
        output = tmp_path / to
        site.build(
            loader.load(root),
            output,
            drafts=drafts,
            search=False,
            today=TODAY,
            unpublishable=None if check else frozenset(),
        )
        return output

    return build
