"""Order and paging of lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.insight import listing, pinyin
from kb_builder.insight.listing import Order
from kb_builder.model import document
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings


def _case(settings: Settings, number: int, *lines: str) -> Document:
    text = "\n".join(("---", f"id: CASE-2024-{number:04d}", *lines, "---", ""))
    path = f"cases/resolved/2024/CASE-2024-{number:04d}.md"
    return document.build(path, text.encode(), settings.schema)


def _numbers(documents: tuple[Document, ...]) -> list[int]:
    return [int(one.id[-4:]) for one in documents]


def _three(settings: Settings) -> list[Document]:
    return [
        _case(settings, 1, "title: 投诉没人理", "occurred_on: 2023", "severity: 较重"),
        _case(settings, 2, "title: 包装破了", "occurred_on: unknown"),
        _case(settings, 3, "title: IBM 的办法", "occurred_on: 2024-02", "severity: 危机"),
    ]


def test_newest_first_and_undated_last(settings: Settings) -> None:
    assert _numbers(listing.arrange(_three(settings), Order.NEWEST)) == [3, 1, 2]


def test_oldest_first_and_undated_last(settings: Settings) -> None:
    assert _numbers(listing.arrange(_three(settings), Order.OLDEST)) == [1, 3, 2]


def test_most_severe_first_and_unranked_last(settings: Settings) -> None:
    assert _numbers(listing.arrange(_three(settings), Order.SEVERITY)) == [3, 1, 2]


def test_titles_by_pinyin(settings: Settings) -> None:
    assert _numbers(listing.arrange(_three(settings), Order.TITLE)) == [3, 2, 1]


def test_the_order_given_does_not_show(settings: Settings) -> None:
    documents = _three(settings)
    for order in (Order.NEWEST, Order.OLDEST, Order.SEVERITY, Order.TITLE):
        assert listing.arrange(documents, order) == listing.arrange(documents[::-1], order)


def test_lists_of_mixed_kinds_have_only_the_order_all_share() -> None:
    assert listing.orders(["case", "lesson"]) == (Order.TITLE,)
    assert listing.orders(["case"])[0] is Order.NEWEST


@given(st.integers(0, 300), st.integers(1, 60))
def test_every_document_is_on_exactly_one_page(count: int, size: int) -> None:
    documents = list(range(count))
    pages = listing.cut(documents, size)  # type: ignore[arg-type]
    assert [one for page in pages for one in page] == documents
    assert all(len(page) <= size for page in pages)
    assert len(pages) == max(1, -(-count // size))


def test_initials() -> None:
    found = [pinyin.initial(word) for word in ("案例", "八折", "客诉", "走访", "IBM", "", "犇")]
    assert found == ["A", "B", "K", "Z", "I", pinyin.OTHER, pinyin.OTHER]


@given(st.data())
def test_a_part_is_in_the_order_of_the_whole(settings: Settings, data: st.DataObject) -> None:
    dates = ("2023", "2024-02", "2024-02-03", "unknown")
    documents = [
        _case(
            settings,
            number,
            f"title: {data.draw(st.sampled_from(['投诉没人理', '包装破了', 'IBM 的办法']))}",
            f"occurred_on: {data.draw(st.sampled_from(dates))}",
            f"severity: {data.draw(st.sampled_from(['较重', '危机', '轻微']))}",
        )
        for number in range(1, 8)
    ]
    arrangement = listing.Arrangement(documents)
    part = [one for one in documents if data.draw(st.booleans())]
    for order in Order:
        assert arrangement.arrange(part, order) == listing.arrange(part, order)
