"""What keeps readers out: axe finds no serious or critical fault, on either width, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kb_builder import loader, site

pytestmark = pytest.mark.browser

Serve = Callable[[Path], str]

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# What to see before looking: the page is empty until then.
PAGES = {
    "": "h1",
    "search/": ".kbs-start",
    "search/#q=投诉": ".kbs-hit",
    "search/#q=饕餮麒麟臂": ".kbs-nothing",
    "c/CASE-2016-0001/": "h1",
    "c/CASE-2016-0001/#q=客户 投诉": ".kbs-walk",
    "browse/": "h1",
    "cases/": ".kb-row",
}


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> str:
    """The address of the site of this repository's own base."""
    folder = tmp_path_factory.mktemp("own")
    site.build(loader.load(ROOT), folder, unpublishable=frozenset())
    return serve(folder)


@pytest.fixture(scope="session")
def playbook(own_site: str) -> str:
    """A playbook's page."""
    found = loader.load(ROOT).corpus.by_id
    return next(f"p/{id_}/" for id_, doc in sorted(found.items()) if id_.startswith("PB"))


def faults(page: Page) -> list[str]:
    """Serious and critical faults: which, where and why."""
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(
        """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
             .filter(({impact}) => impact === "serious" || impact === "critical")"""
    )
    return [
        f"{fault['id']}: {node['html'][:120]} — {node['failureSummary'][:300]}"
        for fault in found
        for node in fault["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_serious_fault(
    chromium: Browser, own_site: str, playbook: str, width: int, scheme: Any
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page
    )
    page = context.new_page()
    found = {}
    for address, seen in {**PAGES, playbook: "h1"}.items():
        page.goto("about:blank")
        page.goto(own_site + address)
        expect(page.locator(seen).first).to_be_visible()
        found[address] = faults(page)
    # The list that unfolds under the box in the header.
    page.goto(f"{own_site}cases/")
    if width == 390:
        page.get_by_role("button", name="打开搜索").click()
    page.locator('form[data-kbs="box"] input').fill("投诉 chuli")
    expect(page.locator('form[data-kbs="box"] [role=option]').first).to_be_visible()
    found["box"] = faults(page)
    if width == 390:
        page.goto(f"{own_site}search/#q=投诉")
        page.get_by_role("button", name="筛选").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found["drawer"] = faults(page)
    context.close()
    assert {address: all_ for address, all_ in found.items() if all_} == {}
