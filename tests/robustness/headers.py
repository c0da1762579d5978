"""Front matter that is odd, and ways to damage front matter that is not."""

from __future__ import annotations

import random
from collections.abc import Iterator

# Each says `internal` in some way, or once did: a reader may say so too or nothing, but never `public`.
ODD: dict[str, str] = {
    "as it should be": "---\ntitle: 退款\nvisibility: internal\n---\n文\n",
    "a colon in the title": "---\ntitle: 退款: 三天\nvisibility: internal\n---\n文\n",
    "tab": "---\ntitle: 退款\n\tvisibility: internal\n---\n文\n",
    "full-width colon": "---\ntitle: 退款\nvisibility：internal\n---\n文\n",
    "no space": "---\ntitle: 退款\nvisibility:internal\n---\n文\n",
    "two byte order marks": "\ufeff\ufeff---\nvisibility: internal\n---\n文\n",
    "one byte order mark": "\ufeff---\nvisibility: internal\n---\n文\n",
    "blank line first": "\n---\nvisibility: internal\n---\n文\n",
    "space first": " ---\nvisibility: internal\n---\n文\n",
    "four dashes": "----\nvisibility: internal\n----\n文\n",
    "never closed": "---\nvisibility: internal\n\n文\n",
    "closed by dots": "---\nvisibility: internal\n...\n文\n",
    "closed further in": "---\nvisibility: internal\n ---\n文\n",
    "no-break space": "---\u00a0\nvisibility: internal\n---\n文\n",
    "list": "---\n- visibility: internal\n---\n文\n",
    "scalar": "---\nvisibility internal\n---\n文\n",
    "empty": "---\n---\nvisibility: internal\n",
    "impossible date": "---\noccurred_on: 2024-02-30\nvisibility: internal\n---\n文\n",
    "huge number": "---\ncost: " + "9" * 5_000 + "\nvisibility: internal\n---\n文\n",
    "complex key": "---\n? [a, b]\n: c\nvisibility: internal\n---\n文\n",
    "nul": "---\ntitle: a\0b\nvisibility: internal\n---\n文\n",
    "escape": "---\ntitle: a\x1bb\nvisibility: internal\n---\n文\n",
    "yaml directive": "---\n%YAML 1.1\nvisibility: internal\n---\n文\n",
    "python tag": "---\ntitle: !!python/name:os.system\nvisibility: internal\n---\n文\n",
    "environment": "---\ntitle: !ENV PATH\nvisibility: internal\n---\n文\n",
    "unknown tag": "---\nvisibility: !x internal\n---\n文\n",
    "anchor": "---\ntitle: &a 甲\nvisibility: internal\n---\n文\n",
    "alias": "---\ntitle: &a internal\nvisibility: *a\n---\n文\n",
    "merge": "---\n<<: {visibility: public}\nvisibility: internal\n---\n文\n",
    "merge only": "---\n<<: {visibility: public}\ntitle: 退款\n---\n文\n",
    "twice, public last": "---\nvisibility: internal\nvisibility: public\n---\n文\n",
    "twice, public first": "---\nvisibility: public\nvisibility: internal\n---\n文\n",
    "twice by quoting": "---\n\"visibility\": internal\nvisibility: public\n---\n文\n",
    "twice in flow": "---\n{visibility: internal, visibility: public}\n---\n文\n",
    "capital": "---\nVisibility: internal\n---\n文\n",
    "capitals": "---\nVISIBILITY: internal\n---\n文\n",
    "cyrillic": "---\nvisibіlity: internal\n---\n文\n",
    "zero width": "---\nvisi\u200bbility: internal\n---\n文\n",
    "full width": "---\nｖｉｓｉｂｉｌｉｔｙ: internal\n---\n文\n",
    "trailing no-break space": "---\nvisibility: internal\u00a0\n---\n文\n",
    "other value": "---\nvisibility: private\n---\n文\n",
    "empty value": "---\nvisibility:\n---\n文\n",
    "null": "---\nvisibility: ~\n---\n文\n",
    "false": "---\nvisibility: no\n---\n文\n",
    "list of both": "---\nvisibility: [internal, public]\n---\n文\n",
    "list of both, turned": "---\nvisibility: [public, internal]\n---\n文\n",
    "mapping": "---\nvisibility: {public: internal}\n---\n文\n",
    "negated": "---\nvisibility: not public\n---\n文\n",
    "with a comment": "---\nvisibility: internal # public\n---\n文\n",
    "comment without space": "---\nvisibility: internal#public\n---\n文\n",
    "in a block": "---\ntitle: |\n  甲\n  visibility: public\nvisibility: internal\n---\n文\n",
    "after an early end": "---\ntitle: |\n---\nvisibility: internal\n---\n文\n",
    "second document": "---\nvisibility: internal\n--- \nvisibility: public\n---\n文\n",
    "multimarkdown": "visibility: public\ntitle: 退款\n\nvisibility: internal\n",
    "carriage returns": "---\rvisibility: internal\r---\r文\r",
    "next line": "---\nvisibility: internal\x85visibility: public\n---\n文\n",
    "line separator": "---\nvisibility: internal\u2028visibility: public\n---\n文\n",
    "in the body": "---\ntitle: 退款\n---\nvisibility: public\n\n---\nvisibility: internal\n---\n",
    "nested": "---\nmeta:\n  visibility: public\nvisibility: internal\n---\n文\n",
    "deep": "---\ntitle: " + "[" * 50_000 + "\nvisibility: internal\n---\n文\n",
    "indented": "---\ntitle: 退款\n  visibility: internal\n---\n文\n",
    "continued": "---\ntitle: 退款\n visibility: public\nvisibility: internal\n---\n文\n",
}  # fmt: skip

ODD_VALUES = (
    "no", "NO", "off", "on", "y", "~", "null", "true", "007", "010", "0o17", "0x1F", "12:30:45", "1_000", "1.10",
    "1e3", ".inf", "+8613800000000", "2024-1-2", "2024-02-30", "2024-13-01", "=", "'no'", '"\\u516c"', "公司",
)  # fmt: skip
"""Values that YAML's implicit types read as something else than what is written."""

BASES: tuple[str, ...] = (
    "---\nid: CASE-2024-0001\ntitle: 退款拖了三天\nstatus: 已发布\nvisibility: internal\nowner: 店长\n---\n\n## 记录\n\n文\n",
    "---\nvisibility: internal\nid: CASE-2024-0001\ntitle: '“客户”: 三天'\nlessons: [LS-001, LS-002]\n---\n\n## 记录\n",
    "---\ntitle: \"甲 # 乙\" # 注\nvisibility: \"internal\"\nsummary: |\n  一\n  二\n---\n---\n文\n",
    "---\r\ntitle: 退款\r\ntimeline:\r\n  - {when: 2024-05-01, what: 来电}\r\nvisibility: 内部\r\n---\r\n文\r\n",
    "---\ntitle: 退款\nchannel:\n- 投诉电话\nvisibility: 内部\nproduct: >-\n  座椅套\nid: CASE-2024-0001\n---\n文\n",
)  # fmt: skip
"""Documents that say `internal`, in the ways people write."""

_CHARACTERS = "\n\r\t :#-'\"[]{},&*!|>%@`?\\~<=._/0aZ：，　é甲\u200b\ufeff\u00a0\u2028\x85\0\x1b"
_SNIPPETS = (
    "---\n", "\n---\n", "...\n", "\n", ": ", " #", "- ", "'", '"', "|\n", ">\n", "[", "]", "{", "}", "? ", "&a ", "*a ",
    "!!str ", "<<: ", "visibility", "visibility: ", "internal", "内部", "title: ", "  ", "\t", "\ufeff", "%YAML 1.1\n",
)  # fmt: skip


def single(text: str) -> Iterator[str]:
    """Every change of one character: left out, twice, another in its place, another before it."""
    for place, character in enumerate(text):
        before, after = text[:place], text[place + 1 :]
        yield before + after
        yield before + character + character + after
        for other in _CHARACTERS:
            if other != character:
                yield before + other + after
                yield before + other + character + after


def several(text: str, chance: random.Random) -> str:
    """Two to six changes of any size."""
    for _ in range(chance.randint(2, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 1, 2, 5, 20)))
        piece = chance.choice(_SNIPPETS) if chance.random() < 0.7 else chance.choice(_CHARACTERS)
        match chance.randrange(4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + text[start:end] + text[start:]
            case 2:
                cut = text[start:end]
                rest = text[:start] + text[end:]
                place = chance.randrange(len(rest) + 1)
                text = rest[:place] + cut + rest[place:]
            case _:
                text = text[:start] + piece + text[end:]
    return text
