"""The reports: an index, a page each, and behind every number the list of what it counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain
from typing import Any

from markupsafe import Markup, escape

from kb_builder.charts import Charts
from kb_builder.insight import digest
from kb_builder.insight.digest import Digest
from kb_builder.insight.material import Material
from kb_builder.insight.missed import Missed
from kb_builder.insight.reports import OFFERS, Offer, find
from kb_builder.insight.tables import (
    Cell,
    Form,
    Headline,
    Picture,
    Report,
    Row,
    Table,
    written,
)
from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.links import ROOT
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SealedPage, SitePage
from kb_builder.site.pages.blocks import SECTIONS
from kb_builder.site.sights import Sight, seal_of

SECTION = "reports"
"""The entry of the navigation, and the folder of all these pages."""

_PAGE_SIZE = 500
"""How many documents a page of such a list names: a line each, so more than in other lists."""

_SENTENCE = 14
"""A text of more characters is given room."""

SIGHTS = {"warning": Sight.ACCOUNT, "quality": Sight.LINKS}
"""How much of the documents a report sees; all others the front matter only."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """What reports need beside the documents: the day, exported searches, and who draws."""

    today: datetime.date
    missed: tuple[Missed, ...] = ()
    charts: Charts = field(default_factory=Charts)

    @property
    def seal(self) -> str:
        """Changes with the day and the searches."""
        return repr((self.today.isoformat(), self.missed))


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell as the page writes it; `address` is empty where no list is behind it. `style` is its class:
    numbers stand at the right, ids and days are not broken, sentences need room.
    """

    text: str
    address: str
    style: str


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    address: str
    values: tuple[_Value, ...]
    unknown: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A table as the page shows it. `few` says why there is no chart, where the table asks for one."""

    table: Table
    anchor: str
    chart: Markup
    few: str
    lines: tuple[_Line, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What is said of a report where it isn't open: on the home page, and in the list of reports."""

    key: str
    title: str
    lead: str
    headlines: tuple[Headline, ...]

    @property
    def told(self) -> list[Any]:
        """The card as JSON has it; `of` is the way back."""
        lines = [[one.label, one.value, one.urgent] for one in self.headlines]
        return [self.key, self.title, self.lead, lines]

    @classmethod
    def of(cls, told: Sequence[Any]) -> Card:
        """The card that was told so."""
        key, title, lead, lines = told
        return cls(key, title, lead, tuple(Headline(*line) for line in lines))


@dataclass(frozen=True)
class Reports:
    """The reports of a site, each made once and only when it is asked for."""

    catalogue: Catalogue
    reporting: Reporting

    @cached_property
    def material(self) -> Material:
        """What the reports are made from."""
        return Material(
            self.catalogue.corpus,
            self.catalogue.settings,
            self.reporting.today,
            self.reporting.missed,
        )

    @cached_property
    def made(self) -> tuple[Report, ...]:
        """The reports, in their order."""
        return tuple(self.report(offer.key) for offer in OFFERS)

    def report(self, key: str) -> Report:
        """One of the reports."""
        found = self._made.get(key)
        if found is None:
            if key == digest.KEY:
                found = self._digest.overview()
            else:
                (found,) = (offer.make(self.material) for offer in OFFERS if offer.key == key)
            self._made[key] = found
        return found

    def card(self, key: str) -> Card:
        """What is said of it elsewhere."""
        report = self.report(key)
        return Card(report.key, report.title, report.lead, report.headlines)

    def pages(self, key: str) -> Iterator[SitePage | SealedPage]:
        """`/reports/<report>/`, and `/reports/<report>/<table>/` with what is counted; the same for each month."""
        lists = self._lists
        report = self.report(key)
        yield self._page(report, lists)
        yield from lists.pages(report)
        if key == digest.KEY:
            yield from self._months(lists)

    @cached_property
    def _made(self) -> dict[str, Report]:
        return {}

    @cached_property
    def _digest(self) -> Digest:
        return Digest(self.material)

    @cached_property
    def _lists(self) -> _Lists:
        return _Lists(self.catalogue)

    def _months(self, lists: _Lists) -> Iterator[SitePage | SealedPage]:
        """`/reports/digest/<month>/`, each with the way to the months beside it."""
        found = tuple(self._digest.reports())
        for place, report in enumerate(found):
            near = (("上一期", found[place - 1 : place]), ("下一期", found[place + 1 : place + 2]))
            beside = [(word, other) for word, others in near for other in others]
            yield self._page(report, lists, beside)
            yield from lists.pages(report)

    def _page(
        self, report: Report, lists: _Lists, beside: Sequence[tuple[str, Report]] = ()
    ) -> SitePage:
        """`beside` are the reports that come before and after one of a series."""
        sections = [
            (
                section,
                [self._block(report, table, lists) for table in section.tables if not table.empty],
                [table for table in section.tables if table.empty],
            )
            for section in report.sections
            if section.tables
        ]
        return SitePage(
            address=f"{SECTION}/{report.key}/",
            title=report.title,
            description=report.lead,
            content=templates.render(
                "reports/report.html",
                report=report,
                sections=sections,
                bare=not self.catalogue.listed.documents,
                parent=_parent(report),
                beside=beside,
                today=report.day or self.reporting.today.isoformat(),
            ),
            section=SECTION,
            toc=tuple(
                Heading(
                    section.key,
                    section.title,
                    tuple(Heading(block.anchor, block.table.title) for block in blocks)
                    if len(blocks) > 1
                    else (),
                )
                for section, blocks, _ in sections
            ),
        )

    def _block(self, report: Report, table: Table, lists: _Lists) -> _Block:
        anchor = f"t-{table.key}"
        least = self.catalogue.settings.reports.chart_minimum
        chart, few = "", ""
        if table.picture is not Picture.NONE:
            if table.known >= least:
                chart = self.reporting.charts.draw(table, f"c-{table.key}")
            else:
                few = (
                    f"能数的只有 {table.known} {table.unit}，不到 {least} {table.unit}，先不画图。"
                )
        lines = tuple(
            _Line(
                row.label,
                _label_address(report, table, row, lists),
                tuple(
                    _Value(
                        written(cell, column.form),
                        lists.address(report, table, row, cell.documents, column.label),
                        _style(cell, column.form),
                    )
                    for cell, column in zip(row.cells, table.columns, strict=True)
                ),
                row.unknown,
            )
            for row in table.rows
        )
        return _Block(table, anchor, Markup(chart), few, lines)  # noqa: S704  drawn and cleaned by us


def index(cards: Sequence[Card]) -> SitePage:
    """`/reports/`."""
    about = {offer.key: offer.about for offer in OFFERS}
    return SitePage(
        address=f"{SECTION}/",
        title="报表",
        description="投诉的总数和去向、整改和复审的进度、预案的效果。",
        content=templates.render("reports/index.html", reports=cards, about=about),
        section=SECTION,
    )


def _parent(report: Report) -> Offer | None:
    """The report that one of a series belongs to."""
    name, part, _ = report.key.partition("/")
    return find(name) if part else None


def _style(cell: Cell, form: Form) -> str:
    if form is not Form.TEXT:
        return "kb-num"
    text = str(cell.value or "")
    if text.isascii():
        return "kb-whole" if text else ""
    return "kb-sentence" if len(text) > _SENTENCE else ""


def _label_address(report: Report, table: Table, row: Row, lists: _Lists) -> str:
    """Where the name of a row leads: to the report on it, or to its documents unless a number does."""
    if row.report:
        return f"{SECTION}/{row.report}/"
    if any(cell.documents == row.documents for cell in row.cells):
        return ""
    return lists.address(report, table, row, row.documents)


class _Lists:
    """Where the documents behind a number are listed; lists that exist nowhere else are made here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._wholes = {
            tuple(sorted(doc.id for doc in catalogue.of_kind(kind))): f"{address}/"
            for kind, address in SECTIONS.items()
        }
        self._groups: dict[tuple[str, str], dict[tuple[str, ...], tuple[str, int]]] = {}
        self._titles: dict[tuple[str, str], list[str]] = {}
        self._entries: dict[str, Markup] = {}

    def address(
        self,
        report: Report,
        table: Table,
        row: Row,
        documents: Sequence[str],
        column: str = "",
    ) -> str:
        """The address of the list of these documents, relative to the site's root; empty for none."""
        found = tuple(sorted(documents))
        if not found:
            return ""
        choice = self._catalogue.choices.get(row.facet) if row.facet else None
        if (
            choice
            and row.facet
            and choice.count == len(found)
            and {doc.id for doc in choice.documents} == set(found)
        ):
            return fragments.choice_address(*row.facet)
        if len(found) == 1:
            document = self._catalogue.find(found[0])
            return self._catalogue.address(document) if document else ""
        return self._wholes.get(found) or self._place(report, table, row, found, column)

    def pages(self, report: Report) -> Iterator[SealedPage]:
        """The lists that the numbers of a report asked for."""
        for table in report.tables:
            yield from self._pages(report, table)

    def _place(
        self, report: Report, table: Table, row: Row, documents: tuple[str, ...], column: str
    ) -> str:
        """The part of the table's list that names these documents; a new one when there is none."""
        key = (report.key, table.key)
        groups = self._groups.setdefault(key, {})
        titles = self._titles.setdefault(key, [])
        if documents not in groups:
            before = sum(map(len, groups))
            groups[documents] = (f"g{len(groups) + 1}", before // _PAGE_SIZE + 1)
            # The only column of a list of counts adds nothing to the name of the row.
            several = column and len(table.columns) > 2
            titles.append(f"{row.label} · {column}" if several else row.label)
        anchor, page = groups[documents]
        return f"{_list_address(report, table, page)}#{anchor}"

    def _pages(self, report: Report, table: Table) -> Iterator[SealedPage]:
        key = (report.key, table.key)
        groups = self._groups.get(key, {})
        titles = self._titles.get(key, [])
        total = -(-sum(map(len, groups)) // _PAGE_SIZE)
        parts: list[list[tuple[str, str, int, list[str]]]] = [[] for _ in range(total)]
        place = 0
        for (documents, (anchor, _)), title in zip(groups.items(), titles, strict=True):
            for start, identity in enumerate(documents):
                page, rest = divmod(place, _PAGE_SIZE)
                if start == 0 or rest == 0:
                    # What goes on from the page before has its anchor there.
                    parts[page].append(("" if start else anchor, title, len(documents), []))
                parts[page][-1][3].append(identity)
                place += 1
        addresses = [_list_address(report, table, number) for number in range(1, total + 1)]
        for number, found in enumerate(parts, 1):
            shown = [
                (anchor, title, count, Markup().join(map(self._entry, identities)))
                for anchor, title, count, identities in found
            ]
            frame = SitePage(
                address=addresses[number - 1],
                title=f"{table.title}：清单" + (f"（第 {number} 页）" if number > 1 else ""),
                description=table.definition,
                content=Markup(),
                section=SECTION,
                listed=False,
            )
            crumb = (report.key, report.title, table.key, table.title, table.definition)
            yield SealedPage(
                frame,
                seal_of((*crumb, str(number), *addresses, *map(str, chain.from_iterable(shown)))),
                partial(
                    templates.render,
                    "reports/list.html",
                    report=report,
                    table=table,
                    groups=shown,
                    pages=addresses,
                    number=number,
                ),
            )

    def _entry(self, identity: str) -> Markup:
        entry = self._entries.get(identity)
        if entry is None:
            document = self._catalogue.find(identity)
            assert document is not None  # reports count only what has a page
            about = " · ".join(filter(None, (document.id, fragments.when_text(document))))
            entry = self._entries[identity] = Markup(  # noqa: S704  all text is escaped
                f'<li><a href="{ROOT}{self._catalogue.address(document)}">{escape(document.title)}</a>'
                f"<span>{escape(about)}</span></li>\n"
            )
        return entry


def _list_address(report: Report, table: Table, number: int) -> str:
    base = f"{SECTION}/{report.key}/{table.key}/"
    return base if number == 1 else f"{base}{number}/"
