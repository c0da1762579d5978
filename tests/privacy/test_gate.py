"""The gate: places, spellings, settings; and redaction, which must leave nothing to find."""

from __future__ import annotations

import labelled_lines
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.diagnostics import Span
from kb_builder.model.privacy import Numbering, Privacy, Reviewed
from kb_builder.privacy import Category, Gate, Marks, masked, redact
from kb_builder.privacy.gate import canonical
from kb_builder.privacy.names import is_name
from kb_builder.privacy.reading import read

LINES = [line.text for line in labelled_lines.lines()]
PIECES = st.lists(
    st.sampled_from(
        [
            *LINES[:320],
            *"0123456789①②甲乙丁辛 \n-*_`<>&%\\·（）：，。",
            "**", "1380000", "客户", "店员", "张伟", "李娜", "电话", "姓名：", "&#48;", "%30", "\u200b", "<b>",
            "<!-- ", " -->", "路12号", "3栋2单元", "101室", "@qq.com", "微信", "京A", "身份证", "电话①",
        ]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "13800001234",
        "138 0000 1234",
        "+86 138-0000-1234",
        "１３８００００１２３４",
        "①③⑧⓪⓪⓪⓪①②③④",
        "𝟏𝟑𝟖𝟎𝟎𝟎𝟎𝟏𝟐𝟑𝟒",
        "一三八零零零零幺二三四",
        "138\u200b0000\u00ad1234",
        "138**0000**1234",
        "138<b>0000</b>1234",
        "138&#48;000&#x31;234",
        "138%30%30001234",
        "138\\u00300001234",
        "1.3.8.0.0.0.0.1.2.3.4",
    ],
)
def test_every_spelling_is_the_same_value_at_its_place(written: str, gate: Gate) -> None:
    (found,) = gate.find(f"请打{written}。")
    assert found.category is Category.PHONE
    assert found.value == "13800001234"
    assert f"请打{written}。"[found.start : found.end] == written


def test_a_number_among_words_ends_where_the_words_go_on(gate: Gate) -> None:
    (found,) = gate.find("打13800001234一直没人接，打了三次")
    assert found.value == "13800001234"


def test_who_is_named_once_is_known_everywhere(gate: Gate) -> None:
    text = "当天张伟没有接电话。客户张伟很生气，张伟要退货。"
    assert [found.start for found in gate.find(text)] == [2, 12, 18]


def test_a_longer_name_is_not_cut_by_a_shorter_one(gate: Gate) -> None:
    found = gate.find("客户吴根来电。患者吴根福住院。吴根福出院。")
    assert [each.value for each in found] == ["吴根", "吴根福", "吴根福"]


def test_own_numbers_domains_and_public_people() -> None:
    settings = Privacy(
        numbers=(Numbering("工单", ("GD-####-@@",)), Numbering("卡", (), ("会员卡",))),
        domains=("shop.cn",),
        people=("张瑞敏",),
    )
    gate = Gate(settings)
    found = gate.find("GD-1234-ab，会员卡：880012；写到 a@shop.cn 或 b@other.cn；客户张瑞敏")
    assert [(each.category, each.value) for each in found] == [
        (Category.ORDER, "gd1234ab"),
        (Category.ORDER, "880012"),
        (Category.EMAIL, "b@other.cn"),
    ]


def test_a_reviewed_value_stays_however_it_is_written() -> None:
    gate = Gate(Privacy(reviewed=(Reviewed("0731-8888 0000", "总机", "主管", Span(1, 1)),)))
    text = "请打 0731-88880000 或 13800001234。"
    assert redact(text, gate) == "请打 0731-88880000 或 电话①。"


def test_the_same_value_has_the_same_mark() -> None:
    gate, marks = Gate(), Marks()
    assert redact("客户张伟、店员李娜；张伟电话13800001234", gate, marks) == (
        "客户甲、店员乙；客户甲电话电话①"
    )
    assert redact("打138-0000-1234找李娜经理", gate, marks) == "打电话①找客户乙经理"


def test_emphasis_around_and_inside_stays_in_pairs() -> None:
    assert redact("请打**138**00001234。", Gate()) == "请打电话①。"
    assert redact("客户**张伟**来电", Gate()) == "客户**甲**来电"


def test_a_long_list_of_numbers_is_redacted_to_its_end() -> None:
    numbers = [f"{2083808 + 1371 * place}" for place in range(16)]
    offices = [f"某某市征兵办：{numbers[at]}、{numbers[at + 1]}" for at in range(0, 16, 2)]
    redacted = redact(f"咨询举报电话：{'；'.join(offices)}。", Gate())
    assert not any(number in redacted for number in numbers)


@given(PIECES)
def test_redaction_leaves_nothing_and_changes_nothing_more(text: str) -> None:
    gate = Gate()
    redacted = redact(text, gate)
    assert gate.find(redacted) == ()
    assert redact(redacted, gate) == redacted
    assert redacted.count("\n") == text.count("\n")


@given(PIECES)
def test_findings_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for found in Gate().find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.text(max_size=60))
def test_reading_leads_back_into_the_text(text: str) -> None:
    reading = read(text)
    places = [reading.place(at, at + 1) for at in range(len(reading.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(st.text(max_size=60))
def test_no_text_breaks_the_gate(text: str) -> None:
    Gate().find(text)


@given(st.text(min_size=1, max_size=30))
def test_masking_keeps_the_length_and_hides_the_middle(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert hidden.count("*") >= len(text) // 2


def test_canonical_spelling_keeps_what_tells_values_apart() -> None:
    assert canonical("张 伟") == "张伟"
    assert canonical("a@b.cn") != canonical("ab.cn")


@pytest.mark.parametrize("text", ["王者", "周到", "高明", "张家", "客服主管", "张先生", "李某某"])
def test_ordinary_words_are_no_names(text: str) -> None:
    assert not is_name(text)


def test_escaped_asterisks_are_no_emphasis(gate: Gate) -> None:
    """Imported drafts escape them: what stands between two of them is not emphasis."""
    text = "投诉人邱\\*\\*来电。姓名：邱\\*\\*，客户邱\\*\\*女士，电话：138\\*\\*\\*\\*1234"
    assert not gate.find(text)
