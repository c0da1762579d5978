"""Fixtures that several tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis
from places import CORPUS, REPOSITORY
from playwright.sync_api import Browser, expect, sync_playwright

from kb_builder import loader
from kb_builder.loader import Base
from kb_builder.model.settings import Settings

# How long one example takes says nothing where others share the machine. The examples are the same in
# each run, so that what is green here is green for others; `HYPOTHESIS_PROFILE=search` looks for new ones.
hypothesis.register_profile("steady", deadline=None, derandomize=True)
hypothesis.register_profile("search", deadline=None)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# What is served on this machine is asked of it and no proxy; and where a hook of git runs the tests, git would
# take each folder for that repository.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
for _name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of this repository."""
    return loader.load_settings(REPOSITORY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the small base in `tests/corpus`, with this repository's settings, to write into."""
    folder = tmp_path / "base"
    shutil.copytree(CORPUS, folder)
    shutil.copytree(REPOSITORY / "site_config", folder / "site_config", dirs_exist_ok=True)
    return folder


@pytest.fixture
def base(root: Path) -> Base:
    """The small base, loaded."""
    return loader.load(root)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own; `make test` sees to it that there is one.

    One for the whole run: Playwright does not start twice in one thread.
    """
    # How long something takes to be seen depends on the other work of the machine.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()
