"""What readers searched for without finding anything, as the search page exports it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb_builder.diagnostics import KbError

_FORMAT = 1
_LONGEST = 60
"""Longer queries are pasted texts, which may hold what should not be on a page."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A query, and how often it found nothing."""

    text: str
    count: int


def read(text: str, name: str) -> tuple[Missed, ...]:
    """The queries of an exported file, the most frequent first; one written twice counts as one.

    Raises KbError, naming the file, when it is something else.
    """
    try:
        found = json.loads(text)
        if found["format"] != _FORMAT:
            raise KbError(
                f"{name}: 只认识 format 为 {_FORMAT} 的文件；在搜索页上按“导出没有结果的搜索”重新导出"
            )
        counts: dict[str, int] = {}
        for query in found["queries"]:
            words, count = query["text"].strip(), query["count"]
            if type(count) is not int or count < 1:
                raise KbError(f"{name}: 次数“{count}”不是正整数")
            if 0 < len(words) <= _LONGEST:
                counts[words] = counts.get(words, 0) + count
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KbError(f"{name}: 不是搜索页导出的 kb-search-missed.json") from error
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Missed(words, count) for words, count in ordered)
