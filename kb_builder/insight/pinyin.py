"""The order in which Chinese readers look words up, as far as the GB 2312 standard holds it.

The standard lists its 3,755 commonest characters by pinyin, so their codes sort the way a
dictionary does. Rarer characters are listed by radical and come after them.
"""

from __future__ import annotations

from bisect import bisect_right

# The first character of each initial in GB 2312; no syllable begins with i, u or v.
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_INITIALS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_STARTS = [character.encode("gb2312") for character in _FIRST]
_LAST = "座".encode("gb2312")

OTHER = "其他"
"""The heading of words whose first character has no known initial."""


def sort_key(text: str) -> bytes:
    """A key that sorts by pinyin: digits and Latin first, then Chinese.

    >>> sorted(["投诉", "抱怨", "IBM"], key=sort_key)
    ['IBM', '抱怨', '投诉']
    """
    return text.encode("gb18030")


def initial(text: str) -> str:
    """The capital letter under which a word is looked up, or `OTHER`.

    >>> initial("投诉"), initial("IBM"), initial("12315")
    ('T', 'I', '其他')
    """
    first = text[:1]
    if first.isascii():
        return first.upper() if first.isalpha() else OTHER
    code = first.encode("gb18030")
    if len(code) != 2 or not _STARTS[0] <= code <= _LAST:
        return OTHER
    return _INITIALS[bisect_right(_STARTS, code) - 1]
