"""KB603 mixed-script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from kb_builder.analysis.folding import fold
from kb_builder.diagnostics import Finding, Level, Span
from kb_builder.model.document import Document
from kb_builder.rules import Context, rule

_AS_WRITTEN = {"aliases", "quote", "title", "author"}
"""Fields that may hold Traditional characters on purpose: search words, and what stands in a source."""

_SHOWN = 8


@rule("KB603", "mixed-script", level=Level.WARNING)
def mixed_script(document: Document, _context: Context) -> Iterator[Finding]:
    """简体文章里混进了繁体字。

    从繁体资料抄来的段落，常漏改几个字，读着别扭，也显得没有校对。搜索时简繁一样找得到，所以别名、出处的题名和引文可以照原样写。整
    篇都是繁体的不算混用。

    反例:

    ```markdown
    座椅套沒有訂貨，店长請假。
    ```

    正例:

    ```markdown
    座椅套没有订货，店长请假。
    ```
    """
    # Nearly no document has any. That all of it is in the mainland's set is told without looking at characters.
    text = "\n".join(document.lines)
    if _is_in(text, "gb2312") or not any(map(_is_traditional, set(text))):
        return
    found: dict[str, Span] = {}
    simplified = 0
    for passage in document.prose:
        if passage.field in _AS_WRITTEN:
            continue
        for place, char in enumerate(passage.text):
            if _is_traditional(char):
                found.setdefault(char, passage.span(place, place + 1))
            else:
                simplified += _is_simplified(char)
    if not found or simplified <= len(found):
        return
    shown = "、".join(f"{char}→{fold(char)}" for char in list(found)[:_SHOWN])
    more = "……" if len(found) > _SHOWN else ""
    message = f"混进了 {len(found)} 个繁体字：{'、'.join(list(found)[:_SHOWN])}{more}"
    yield Finding(next(iter(found.values())), message, f"改为简体：{shown}{more}")


@cache
def _is_traditional(char: str) -> bool:
    """Whether a character has a Simplified form and no place in the mainland's basic set.

    The old character sets of both sides tell without a table; 囧 and 垚 are in Big5 alone as well but
    have no other form.
    """
    if not "\u3400" <= char <= "\u9fff" or _is_in(char, "gb2312") or not _is_in(char, "big5"):
        return False
    return fold(char) != char


@cache
def _is_simplified(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" and _is_in(char, "gb2312") and not _is_in(char, "big5")


def _is_in(text: str, character_set: str) -> bool:
    try:
        text.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True
