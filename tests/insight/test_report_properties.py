"""What holds for every report of every base."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from places import REPOSITORY
from reporting_base import made_case, material

from kb_builder import loader
from kb_builder.insight.digest import Digest
from kb_builder.insight.reports import OFFERS
from kb_builder.insight.tables import COUNT, SHARE, Form, Report, Table
from kb_builder.insight.warning import warning
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

SETTINGS = loader.load_settings(REPOSITORY)


def _value(field: str) -> st.SearchStrategy[str]:
    spec = SETTINGS.schema.kinds["case"].fields[field]
    assert spec.vocabulary is not None
    one = st.sampled_from(list(spec.vocabulary.values))
    if not spec.many:
        return one
    return st.lists(one, min_size=1, max_size=3, unique=True).map(
        lambda found: f"[{', '.join(found)}]"
    )


_DATES = st.sampled_from(
    [
        "unknown",
        "2023",
        "2024",
        "2023-11",
        "2024-02",
        "2024-02-03",
        "2024-05-09",
        "2024-05-20",
        "2026-11-02",
    ]
)
_MOMENTS = st.sampled_from(
    ["2024-05-01", "2024-05-01 09:30", "2024-05-02 09:30", "2024-05-04", "2024-05"]
)
_FIELDS = {
    **{
        name: _value(name)
        for name in (
            "complaint_type", "complaint_subtype", "cause", "channel", "severity", "outcome", "department",
            "nature", "satisfaction", "customer_retained", "remedy", "complaint_stage", "authority",
            "crisis_signals",
        )
    },
    "occurred_on": _DATES,
    "received_on": _MOMENTS,
    "replied_on": _MOMENTS,
    "product": st.sampled_from(["烤箱", "沙发"]),
    "cost": st.integers(0, 900).map(str),
    "handoffs": st.integers(0, 5).map(str),
    "attempts": st.integers(1, 3).map(str),
    "authority_gap": st.sampled_from(["true", "false"]),
    "playbooks": st.sampled_from(["[PB-001]", "[PB-001, PB-002]"]),
    "precursors": st.sampled_from(["[退换三次]", "none_found"]),
    "last_reviewed": _DATES.filter(lambda date: date != "unknown"),
}  # fmt: skip


@st.composite
def _cases(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """The lines of some cases; lines and not documents, so that a failure can be read."""
    written = draw(st.lists(st.fixed_dictionaries({}, optional=_FIELDS), max_size=8))
    actions = st.sampled_from(
        ["open, due: 2024-05-01", "done, done_on: 2024-01", "done", "doing", "dropped"]
    )
    found = []
    for fields in written:
        lines = [f"{name}: {value}" for name, value in fields.items()]
        for place, state in enumerate(draw(st.lists(actions, max_size=2)), 1):
            lines += ["corrective_actions:"] if place == 1 else []
            lines.append(f"  - {{action: 第{place}项, owner: 店长, status: {state}}}")
        found.append(tuple(lines))
    return found


def _made(written: list[tuple[str, ...]]) -> list[Document]:
    return [made_case(SETTINGS, number, *lines) for number, lines in enumerate(written, 1)]


def _reports(cases: list[Document], settings: Settings = SETTINGS) -> list[Report]:
    made = material(settings, cases)
    return [*(offer.make(made) for offer in OFFERS), *Digest(made).reports()]


def _tables(cases: list[Document]) -> list[tuple[str, Table]]:
    return [(report.key, table) for report in _reports(cases) for table in report.tables]


_WHOLE = ("year", "month", "top", "cause-type", "outcome-kept", "handoffs", "pyramid", "ladder")
"""Tables in which every case is somewhere."""


@given(_cases())
@hypothesis(max_examples=60)
def test_totals_add_up(written: list[tuple[str, ...]]) -> None:
    cases = _made(written)
    everyone = {case.id for case in cases}
    for report, table in _tables(cases):
        if not table.rows:
            continue
        listed = [set(row.documents) for row in table.rows]
        assert set().union(*listed) <= everyone
        assert all(row.documents == tuple(sorted(set(row.documents))) for row in table.rows)
        assert 0 <= table.known <= table.n
        field = SETTINGS.schema.kinds["case"].fields.get(table.key)
        if field is not None and table.columns == (COUNT, SHARE):
            # Every case is somewhere; where a case has one value, it is there once.
            assert set().union(*listed) == everyone
            if not field.many:
                assert sum(map(len, listed)) == table.n
            assert table.known == len(everyone) - len(
                set().union(*(row.documents for row in table.rows if row.unknown))
            )
        if table.key in _WHOLE and not report.startswith("digest/"):  # a month's are of its cases
            assert set().union(*listed) == everyone
        if table.key == "ladder":
            stopped = [row.cells[1].documents for row in table.rows if not row.unknown]
            assert sum(map(len, stopped)) == table.known


@given(_cases())
@hypothesis(max_examples=60)
def test_a_count_is_the_number_of_documents_behind_it(written: list[tuple[str, ...]]) -> None:
    cases = _made(written)
    for report, table in _tables(cases):
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.form is Form.SHARE and cell.value is not None:
                    assert 0 <= float(cell.value) <= 1
                if column.form is Form.COUNT and table.unit == "篇" and cell.documents:
                    assert cell.value == len(cell.documents), (report, table.key, row.key)
                    assert set(cell.documents) <= set(row.documents)


@given(_cases(), st.data())
@hypothesis(max_examples=60)
def test_fewer_cases_never_count_more(written: list[tuple[str, ...]], data: st.DataObject) -> None:
    cases = _made(written)
    kept = [case for case in cases if data.draw(st.booleans())]
    whole = {
        (report, table.key, row.key, column.key): set(cell.documents)
        for report, table in _tables(cases)
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    }
    rests = {
        (report, table.key): set(row.documents)
        for report, table in _tables(cases)
        for row in table.rows
        if row.rest
    }
    for report, table in _tables(kept):
        if (
            table.empty
            or table.key in ("unlinked", "broken", "unused", "age")
            or table.key.startswith("fields-")
        ):
            continue  # what is missing may grow when pages go
        if table.key in _FOUND:
            continue  # see the test below
        for row in table.rows:
            if row.rest:
                continue  # what has no line of its own is another rest with fewer cases
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.documents:
                    # What has a line of its own now may have stood among the rest before.
                    before = whole.get((report, table.key, row.key, column.key), set())
                    assert set(cell.documents) <= before | rests.get((report, table.key), set())


_FOUND = ("same", "cause", "accounts", "rising")
"""Tables whose rows are found and not declared: with fewer cases, a cluster begins with another one, and what is
usual is another share.
"""


@given(_cases(), st.data())
@hypothesis(max_examples=60)
def test_fewer_cases_make_no_new_cluster(
    written: list[tuple[str, ...]], data: st.DataObject
) -> None:
    cases = _made(written)
    kept = [case for case in cases if data.draw(st.booleans())]
    before = _clusters(cases)
    for key, found in _clusters(kept):
        assert any(key == other and found <= ids for other, ids in before)


def _clusters(cases: list[Document]) -> list[tuple[str, set[str]]]:
    report = warning(material(SETTINGS, cases))
    return [
        (f"{table.key}/{row.label}", set(row.documents))
        for table in report.tables
        if table.key in ("same", "cause")
        for row in table.rows
    ]


@given(_cases(), st.integers(0, 1000))
@hypothesis(max_examples=60)
def test_the_order_of_files_does_not_show(written: list[tuple[str, ...]], seed: int) -> None:
    cases = _made(written)
    shuffled = list(cases)
    random.Random(seed).shuffle(shuffled)
    assert _reports(shuffled) == _reports(cases)
