"""From the SVG that Vega draws to what a page may hold: themed by the page's colours and fonts.

Vega writes literal colours and fonts. Those of `INKS` are stand-ins, replaced by variables of the style
sheet, so that one drawing serves light, dark and paper; fonts are left out, so that text is set in that of
the page. Only the elements and attributes a drawing needs are taken over, whatever the source holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

INKS = {
    "#000001": "var(--kb-ink)",
    "#000002": "var(--kb-soft)",
    "#000003": "var(--kb-brand)",
    "#000004": "var(--kb-line)",
    "#000005": "var(--kb-surface)",
}
"""Stand-in colour → what it becomes."""

INK, SOFT, BRAND, LINE, SURFACE = INKS

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_KEPT = {
    "g": ("transform",),
    "path": ("d", "transform", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"),
    "line": ("x1", "y1", "x2", "y2", "transform", "stroke", "stroke-width", "stroke-dasharray"),
    "text": ("transform", "fill", "font-size", "font-weight", "text-anchor"),
    "tspan": ("x", "dy"),
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_SAFE = re.compile(r"[\w\s#().,%+-]*\Z", re.ASCII)


def themed(source: str, identity: str, title: str, description: str) -> str:
    """The drawing as an element of a page, with a title and a description for those who can't see it.

    `identity` is unique on the page. Raises ValueError for what isn't a drawing of ours.
    """
    if "<!" in source:
        # Vega declares no entities; what does would be read at great cost.
        raise ValueError("not an SVG of ours")
    try:
        root = ElementTree.fromstring(source)  # noqa: S314  without declarations, and filtered below
    except ElementTree.ParseError as error:
        raise ValueError("not an SVG") from error
    width, height = (_size(root, name) for name in ("width", "height"))
    name = escape(identity)
    return (
        f'<svg class="kb-chart" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{''.join(piece for child in root for piece in _element(child))}</svg>"
    )


def _size(root: Element, name: str) -> int:
    text = root.get(name, "")
    if not text.isdecimal():
        raise ValueError(f"an SVG without {name}")
    return int(text)


def _element(element: Element) -> Iterator[str]:
    """An element and what is in it; what draws nothing is left out."""
    tag = element.tag.removeprefix(_NAMESPACE)
    kept = _KEPT.get(tag)
    if kept is None or element.get("display") == "none" or element.get("class") == "background":
        return
    inside = escape(element.text or "", quote=False) if tag in ("text", "tspan") else ""
    inside += "".join(piece for child in element for piece in _element(child))
    if not inside and (tag in ("g", "text", "tspan") or (tag == "path" and not element.get("d"))):
        return
    attributes = {name: _value(value) for name in kept if (value := element.get(name))}
    if tag == "g" and attributes.get("transform", _NOWHERE) == _NOWHERE:
        yield inside
        return
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    yield f"<{tag}{written}>{inside}</{tag}>"


_NOWHERE = "translate(0,0)"


def _value(text: str) -> str:
    """An attribute with our colours, and no more decimals than the eye can see."""
    if text in INKS:
        return INKS[text]
    if not _SAFE.match(text):
        raise ValueError(f"an attribute that no drawing needs: {text[:40]}")
    return _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), text)
