"""What in a body runs, changes the page around it, or makes a reader's browser ask another host.

Found in the source, so that its author learns of it. It need not find everything: what is published is cleaned
after rendering, whatever this finds.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from kb_builder.model.sections import blank_code


@dataclass(frozen=True, slots=True)
class Active:
    """One such thing: its place, what it is, and what to do instead."""

    line: int
    column: int
    length: int
    what: str
    remedy: str


_MAY_HOLD = re.compile(r"[<&]|\]\(|\]:|\]\[")
_COMMENT_END = re.compile("--!?>")
_ELEMENT = re.compile(
    r"<(script|style|iframe|frame|frameset|object|embed|applet|form|button|select|textarea|svg|math|base"
    r"|meta|link|template|noscript|noembed|noframes|video|audio|source|track|portal|plaintext|xmp"
    r"|html|head|body|title|marquee|keygen|dialog)(?![\w-])",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[A-Za-z][^<>]{0,4000}")
_ATTRIBUTE = re.compile(
    r"[\s/\"'](on[a-z]{3,}|style|srcdoc|formaction|srcset|background|ping)\s*=", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"""
      (?P<picture>!?)\[[^\[\]]*\]\(\s*(?:<(?P<pointed>[^<>\n]*)>|(?P<plain>[^()\s]*))
    | ^[ ]{0,3}\[[^\[\]\n]+\]:[ ]*<?(?P<defined>\S+)
    | <(?P<bare>[A-Za-z][^<>\s:]{0,40}:[^<>\s]*)>
    | (?P<tag><img\b[^<>]*?)?[\s/"'](?:href|src|action|data|poster|xlink:href)\s*=\s*
      (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<unquoted>[^\s>"']+))
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
_RUNS = ("javascript:", "vbscript:", "data:", "file:", "blob:")
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|[/\\]{2})")
_REMEDY = "删去它；要讲解代码，放进代码块"


def active(lines: tuple[str, ...], first: int) -> Iterator[Active]:
    """Everything of the sort in the body that begins at index `first`, in the order of its place."""
    if not any(_MAY_HOLD.search(line) for line in lines[first:]):
        return
    text = _without_comments(blank_code(lines, first))
    starts = [0]
    starts += [match.end() for match in re.finditer("\n", text)]
    found = sorted((*_elements(text), *_attributes(text), *_addresses(text)))
    for at, length, what, remedy in found:
        row = bisect_right(starts, at) - 1
        yield Active(first + row + 1, at - starts[row] + 1, length, what, remedy)


_Found = tuple[int, int, str, str]
"""Place in the text, length, what it is, and the remedy."""


def _elements(text: str) -> Iterator[_Found]:
    for match in _ELEMENT.finditer(text):
        yield match.start(), len(match[0]), f"<{match[1].lower()}> 不会发布", _REMEDY


def _attributes(text: str) -> Iterator[_Found]:
    for tag in _TAG.finditer(text):
        for match in _ATTRIBUTE.finditer(tag[0]):
            at = tag.start() + match.start(1)
            yield at, len(match[1]), f"标签里的 {match[1].lower()} 不会发布", _REMEDY


def _addresses(text: str) -> Iterator[_Found]:
    for match in _ADDRESS.finditer(text):
        name = next((key for key in _TARGETS if match[key] is not None), None)
        if name is None:
            continue
        # A browser undoes entities and leaves out blanks before it looks at the scheme.
        plain = _BLANK.sub("", html.unescape(match[name])).lower()
        place = match.start(name), max(1, len(match[name]))
        scheme = next((each for each in _RUNS if plain.startswith(each)), None)
        if scheme is not None:
            yield *place, f"{scheme} 开头的地址不会发布", _REMEDY
        elif (match["picture"] or match["tag"]) and _ELSEWHERE.match(plain):
            yield *place, "别的网站上的图片不会发布", "下载下来放在案例旁边，再引用"


_TARGETS = ("pointed", "plain", "defined", "bare", "double", "single", "unquoted")


def _without_comments(text: str) -> str:
    pieces = []
    done = 0
    while (start := text.find("<!--", done)) >= 0 and (end := _COMMENT_END.search(text, start)):
        pieces += [text[done:start], re.sub(r"[^\n]", " ", text[start : end.end()])]
        done = end.end()
    return "".join((*pieces, text[done:]))
