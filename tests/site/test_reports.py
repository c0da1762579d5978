"""The report pages: every number leads to what it counts, and an empty base says what to write."""

from __future__ import annotations

import datetime
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from documents import case, files_of, lesson
from playwright.sync_api import Browser
from site_base import MKDOCS, REPOSITORY, BuildSite, MakeBase, read, write

from kb_builder import loader, site
from kb_builder.insight.missed import Missed
from kb_builder.insight.reports import OFFERS
from kb_builder.insight.tables import Form
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.pages.reports import Reporting, Reports

TODAY = datetime.date(2026, 11, 22)


class _Numbers(HTMLParser):
    """The numbers of the tables of a page that are links, with where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._cell = False
        self._link = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self._cell = True
        elif tag == "a" and self._cell:
            self._link = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = False
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if self._link:
            self.found.append((data, self._link))


def _documents(output: Path, address: str, anchor: str) -> set[str]:
    """The documents that the list at an address names; below its anchor, where it has one."""
    html = read(output, address)
    html = html[html.index("<article") : html.index("</article>")]
    if anchor:
        html = html[html.index(f'id="{anchor}"') :].partition("</section>")[0]
    else:
        html = html.partition('class="kb-rows"')[2]
    return set(re.findall(r'href="[./]*/?[cpl]/([A-Z0-9-]+)/"', html))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of eight cases of which five have much in common; built once, and only looked at."""
    fields = {
        "complaint_type": "[服务]",
        "cause": "[工作失误]",
        "product": "烤箱",
        "severity": "较重",
    }
    cases = [
        case(number, outcome="已解决" if number % 2 else "未解决", occurred_on="2024-05", **fields)
        for number in range(1, 6)
    ]
    cases += [
        case(6, handoffs="2", corrective_actions="[{action: 核对, owner: 店长, due: 2024-06-01, status: 未完成}]"),
        case(7, severity="危机", cost="300"),
        case(8, playbooks="[PB-404]"),
    ]  # fmt: skip
    root = tmp_path_factory.mktemp("many")
    shutil.copytree(REPOSITORY / "site_config", root / "site_config")
    for path, text in (("mkdocs.yml", MKDOCS), *cases, lesson()):
        write(root, path, text)
    site.build(
        loader.load(root), root / "site", search=False, unpublishable=frozenset(), today=TODAY
    )
    return root / "site"


def test_every_number_leads_to_as_many_documents(many: Path) -> None:
    checked = 0
    for offer in OFFERS:
        address = f"reports/{offer.key}/"
        for text, link in _Numbers(read(many, address)).found:
            if not text.isdecimal():
                continue
            target, _, anchor = unquote(urljoin(f"/{address}", link)).lstrip("/").partition("#")
            if re.match(r"[cpl]/", target):
                assert text == "1", (offer.key, link)
            else:
                assert len(_documents(many, target, anchor)) == int(text), (offer.key, text, link)
            checked += 1
    assert checked > 50


def test_every_month_has_a_page_with_what_it_counts(many: Path) -> None:
    index = read(many, "reports/digest")
    assert '<a href="../../reports/digest/2024-05/">2024年5月</a>' in index
    html = read(many, "reports/digest/2024-05")
    assert "<h1>2024年5月的月报</h1>" in html
    assert "算到 2024-05-31" in html
    assert '<a href="../../../reports/digest/">月报</a>' in html
    checked = 0
    for text, link in _Numbers(html).found:
        if text.isdecimal():
            target, _, anchor = (
                unquote(urljoin("/reports/digest/2024-05/", link)).lstrip("/").partition("#")
            )
            found = 1 if re.match(r"[cpl]/", target) else len(_documents(many, target, anchor))
            assert found == int(text), (text, link)
            checked += 1
    assert checked
    assert 'kb-chart"' not in html


def test_a_month_leads_to_those_beside_it(make_base: MakeBase, build_site: BuildSite) -> None:
    months = ("2024-03", "2024-05", "2024-08")
    cases = [case(number, occurred_on=month) for number, month in enumerate(months, 1)]
    output = build_site(make_base(*cases))
    html = read(output, "reports/digest/2024-05")
    assert '<a href="../../../reports/digest/2024-03/">上一期：2024年3月的月报</a>' in html
    assert '<a href="../../../reports/digest/2024-08/">下一期：2024年8月的月报</a>' in html
    assert "上一期" not in read(output, "reports/digest/2024-03")
    assert "下一期" not in read(output, "reports/digest/2024-08")


def test_a_full_month_prints_on_two_sheets(
    chromium: Browser, make_base: MakeBase, build_site: BuildSite
) -> None:
    late = "[{action: 把派工单上的零件型号写全并由店长核对, owner: 店长, due: 2024-04-01, status: 未完成}]"
    cases = [
        case(
            number,
            title=f"第 {number} 件投诉：烤箱门把手松脱，三次上门才修好",
            occurred_on=f"2024-05-{number % 28 + 1:02d}",
            resolved_on=f"2024-05-{number % 28 + 1:02d}",
            product=f"产品{number % 7}",
            complaint_subtype="[质量瑕疵]",
            complaint_type="[产品]",
            severity="重大" if number % 2 else "轻微",
            outcome="已解决",
            corrective_actions=late,
        )
        for number in range(1, 41)
    ]
    output = build_site(make_base(*cases))
    page = chromium.new_page()
    page.goto((output / "reports/digest/2024-05/index.html").as_uri())
    pdf = page.pdf(format="A4")
    page.close()
    assert 1 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 2


def test_there_is_a_page_for_every_report(many: Path) -> None:
    index = read(many, "reports")
    home = read(many, ".")
    for offer in OFFERS:
        assert f'href="../reports/{offer.key}/"' in index
        assert f'href="reports/{offer.key}/"' in home
        assert f"<h1>{offer.title}</h1>" in read(many, f"reports/{offer.key}")
    assert '<div class="kb-urgent"><dt>已过期</dt><dd>1 项</dd></div>' in index


def test_a_table_says_what_it_counts_and_how_many(many: Path) -> None:
    html = read(many, "reports/overview")
    part = html[html.index('id="t-severity"') :]
    part = part[: part.index("</article>")]
    assert "数每个严重度有多少篇案例" in part
    assert re.search(r"<b>n = 8</b> 篇，其中能数的 6 篇", part)
    assert part.index("<svg") < part.index("<table")  # the chart is followed by its table
    assert '<a href="../../browse/severity/serious/">5</a>' in part
    assert '<a href="../../c/CASE-2024-0007/">1</a>' in part or "browse/severity/crisis/" in part


def test_too_few_cases_get_a_table_and_no_chart(make_base: MakeBase, build_site: BuildSite) -> None:
    html = read(build_site(make_base(case(1, severity="较重"))), "reports/overview")
    assert '<svg class="kb-chart"' not in html
    assert "能数的只有 1 篇，不到 3 篇，先不画图。" in html
    assert "在案例开头写 cost（处理成本，元）" in html


def test_an_empty_base_says_what_to_write(make_base: MakeBase, build_site: BuildSite) -> None:
    output = build_site(make_base())
    for offer in OFFERS:
        html = read(output, f"reports/{offer.key}")
        assert "还没有可以数的内容" in html
        assert 'kb-chart"' not in html
        assert "kb-gaps" in html
        assert "kb-numbers" not in html
    assert not [
        path
        for path in (output / "reports").rglob("index.html")
        if len(path.relative_to(output).parts) > 3
    ]


def test_drafts_count_only_when_shown(make_base: MakeBase, build_site: BuildSite) -> None:
    root = make_base(case(1), case(2, status="草稿"), case(3, status="已归档"))
    assert "<b>n = 1</b>" in read(build_site(root), "reports/overview")
    assert "<b>n = 2</b>" in read(build_site(root, drafts=True), "reports/overview")


def test_a_long_list_is_cut_and_its_anchors_found(
    make_base: MakeBase, monkeypatch: pytest.MonkeyPatch, build_site: BuildSite
) -> None:
    monkeypatch.setattr("kb_builder.site.pages.reports._PAGE_SIZE", 3)
    cases = [case(number, product="烤箱" if number < 5 else "沙发") for number in range(1, 9)]
    output = build_site(make_base(*cases, case(9)))
    folder = output / "reports" / "overview" / "top"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["2", "3"]
    links = dict(_Numbers(read(output, "reports/overview")).found)
    assert 'href="../../reports/overview/top/2/#g2"' in read(output, "reports/overview")
    assert links
    listed = [
        identity
        for page in ("", "/2", "/3")
        for identity in re.findall(
            r'/c/([A-Z0-9-]+)/"', read(output, f"reports/overview/top{page}")
        )
    ]
    # 沙发 comes before 烤箱, as many as it has.
    assert listed == [f"CASE-2024-{number:04d}" for number in (5, 6, 7, 8, 1, 2, 3, 4)]
    assert "（接上页）" in read(output, "reports/overview/top/2")


def test_searches_in_vain_are_listed(make_base: MakeBase, tmp_path: Path) -> None:
    base = loader.load(make_base(case(1)))
    output = tmp_path / "site"
    missed = (Missed("退定金<b>", 4),)
    site.build(base, output, search=False, unpublishable=frozenset(), today=TODAY, missed=missed)
    assert "退定金&lt;b&gt;" in read(output, "reports/quality")


def test_hostile_text_stays_text(make_base: MakeBase, build_site: BuildSite) -> None:
    hostile = "'<img src=x onerror=alert(1)>'"
    cases = [case(number, product=hostile, title=hostile) for number in range(1, 5)]
    output = build_site(make_base(*cases))
    for name, data in files_of(output / "reports").items():
        assert b"<img src=x" not in data, name
    assert "&lt;img src=x" in read(output, "reports/overview")


def test_the_same_day_gives_the_same_bytes(make_base: MakeBase, tmp_path: Path) -> None:
    root = make_base(*(case(number, severity="较重") for number in range(1, 5)))
    found = []
    for name in ("one", "two", "three"):
        if name == "three":
            (root / ".kb" / "charts.json").unlink()
        site.build(
            loader.load(root), tmp_path / name, search=False, unpublishable=frozenset(), today=TODAY
        )
        found.append(files_of(tmp_path / name))
    assert found[0] == found[1] == found[2]


def test_the_day_decides_what_is_late(make_base: MakeBase) -> None:
    actions = "[{action: 核对, owner: 店长, due: 2026-11-21, status: 未完成}]"
    base = loader.load(make_base(case(1, corrective_actions=actions)))
    catalogue = Catalogue.of(base.settings, base.corpus, site_name="", site_url="")
    for day, number in ((TODAY, "1 项"), (datetime.date(2026, 11, 21), "0 项")):
        made = Reports(catalogue, Reporting(day)).made
        assert (
            next(report for report in made if report.key == "actions").headlines[0].value == number
        )


def test_no_cell_is_without_a_column(make_base: MakeBase) -> None:
    base = loader.load(make_base(*(case(number, severity="较重") for number in range(1, 4))))
    catalogue = Catalogue.of(base.settings, base.corpus, site_name="", site_url="")
    for report in Reports(catalogue, Reporting(TODAY)).made:
        keys = [table.key for table in report.tables]
        assert len(keys) == len(set(keys))
        for table in report.tables:
            assert len({row.key for row in table.rows}) == len(table.rows), table.key
            for row in table.rows:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    assert (column.form is Form.TEXT) == isinstance(
                        cell.value, str
                    ) or cell.value is None


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_can_be_read(chromium: Browser, many: Path, width: int, scheme: str) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((many / "reports/overview/index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    chart = page.locator("#t-severity svg")
    assert chart.get_attribute("role") == "img"
    text = chart.locator("text").first
    found = text.evaluate(
        "one => { const style = getComputedStyle(one); const body = getComputedStyle(document.body);"
        " return [style.fill, body.color, style.fontFamily, body.fontFamily,"
        " one.getBoundingClientRect().height]; }"
    )
    assert found[0] == found[1]  # the ink of the page, light or dark
    assert found[2] == found[3]
    assert found[4] >= 10
    bar = chart.locator("path").first.evaluate("one => getComputedStyle(one).fill")
    assert bar == {"light": "rgb(18, 105, 106)", "dark": "rgb(98, 196, 190)"}[scheme]
    assert all(url.startswith("file:") for url in requests)
    page.close()


def test_on_paper_charts_are_grey(chromium: Browser, many: Path) -> None:
    page = chromium.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto((many / "reports/overview/index.html").as_uri())
    bar = page.locator("#t-severity svg path").first.evaluate("one => getComputedStyle(one).fill")
    assert bar == "rgb(85, 85, 85)"
    assert page.locator("#t-severity .kb-numbers > summary").is_hidden()
    assert page.locator("#t-severity table").is_visible()
    page.close()
