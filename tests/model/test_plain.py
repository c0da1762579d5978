"""What a reader doesn't see is not in the text that is searched and shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.model.plain import plain
from kb_builder.site.clean import Cleaner
from kb_builder.site.markdown import Converter


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("客户来电。<!-- 绝密 -->当天补送。", "客户来电。当天补送。"),
        ("客户来电。\n\n<!--\n绝密\n\n绝密\n-->\n\n当天补送。", "客户来电。\n当天补送。"),
        ("客户来电。\n\n<!-- 绝密，没有闭合\n\n绝密", "客户来电。"),
        ("客户<b data-x='绝密'>很生气</b>。", "客户很生气。"),
        ("客户<span\n title='绝密'>很生气</span>。", "客户很生气。"),
        ("客户来电。\n\n<script>\nlet x = '绝密'\n</script>\n\n完。", "客户来电。\n完。"),
        ("客户来电。<STYLE>绝密", "客户来电。"),
        ("见[预案][甲]。\n\n[甲]: PB-004.md \"绝密\"", "见[预案][甲]。"),
        ("[//]: # (绝密)\n\n客户来电。", "客户来电。"),
        ("[甲]:\n  PB-004.md\n\n客户来电。", "客户来电。"),
        ("写信到<kefu@example.org>，见<https://example.org/a>。", "写信到kefu@example.org，见https://example.org/a。"),
        ("代码 `<!-- 看得见 -->` 会去掉。", "代码 <!-- 看得见 --> 会去掉。"),
        ("```html\n<!-- 看得见 -->\n<b>看得见</b>\n```", "<!-- 看得见 -->\n<b>看得见</b>"),
        ("价格<100，数量 >50，<订单号>照填。", "价格<100，数量 >50，<订单号>照填。"),
        ("[附注]: 这是一句话， 不是链接的定义。", "[附注]: 这是一句话， 不是链接的定义。"),
    ],
)  # fmt: skip
def test_only_what_is_seen_is_text(source: str, seen: str) -> None:
    assert plain(source.split("\n")) == seen


WORDS = re.compile("绝密[0-9]+")
PIECES = st.sampled_from(
    [
        "<!--{}", "-->{}", "--!>{}", "<b title=\"{}\">", "<b title='a > {}'>", "</b>{}", "<span data-x={}>", ">{}", "`{}", "``{}", "{}\n", "{}\n\n",
        "\n```\n{}", "<script>{}", "</script>{}", "<style>{}", "<?x {}?>", "<![CDATA[{}", "]]>{}", "\n\n[甲]: {}\n\n", "\n\n[//]: # ({})\n\n",
        " {}", "[{}](a.md)", "<div>{}", "</div>{}", "<br>{}",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_what_is_on_no_page_is_not_in_the_text(pieces: list[str]) -> None:
    """What the page leaves out of comments, tags and what runs is left out here too."""
    source = "".join(piece.format(f"绝密{number}") for number, piece in enumerate(pieces, 1))
    page = Cleaner().clean(Converter().convert_any(source).lead, lambda url: url)
    assert set(WORDS.findall(plain(source.split("\n")))) <= set(WORDS.findall(str(page)))
