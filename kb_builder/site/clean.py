"""The one way for HTML from authors into a page: an allow-list, and links that stay on the site."""

from __future__ import annotations

from collections.abc import Callable

import nh3
from markupsafe import Markup

from kb_builder.model.plain import UNSEEN

Resolve = Callable[[str], str | None]
"""Gets a link as written; gives what the page must say if it is a relative one, or None to drop it."""

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "div", "dl",
    "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip

_ANCHORED = {
    "a",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "p",
    "span",
    "sup",
    "td",
    "th",
    "dt",
}

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}

_ADMONITIONS = {
    "admonition", "abstract", "attention", "bug", "caution", "danger", "error", "example", "failure",
    "hint", "important", "info", "note", "question", "quote", "success", "tip", "warning",
}  # fmt: skip

_CLASSES = {
    "a": {"footnote-ref", "footnote-backref", "headerlink"},
    "div": {"footnote", *_ADMONITIONS},
    "li": {"task-list-item"},
    "p": {"admonition-title"},
    "ul": {"task-list"},
}


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class Cleaner:
    """Cleans many fragments with one configuration.

    What comes out has only allowed tags and attributes, is balanced, carries no style, script,
    comment or event handler, no id that begins with `__` (Material's own), and no picture from
    another site.
    """

    def __init__(self) -> None:
        self._resolve: Resolve = lambda _url: None
        self._nh3 = nh3.Cleaner(
            tags=set(_TAGS),
            clean_content_tags=set(UNSEEN),
            attributes={
                tag: _ATTRIBUTES.get(tag, set()) | ({"id"} if tag in _ANCHORED else set())
                for tag in _TAGS
            },
            allowed_classes=_CLASSES,
            # A check box in a text is a picture of one.
            tag_attribute_values={"input": {"type": {"checkbox"}, "checked": {"", "checked"}}},
            set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
            url_schemes={"http", "https", "mailto"},
            url_relative=self._relative,
            attribute_filter=self._attribute,
            link_rel="noopener noreferrer",
        )

    def clean(self, html: str, resolve: Resolve) -> Markup:
        """The safe form of a fragment. `resolve` must not raise."""
        if not html:
            return Markup()
        self._resolve = resolve
        return Markup(self._nh3.clean(html))  # noqa: S704  cleaning is what makes it markup

    def _relative(self, url: str) -> str | None:
        # Browsers read \\ as //, so that \\evil.example is another host.
        return None if url.startswith(("//", "/\\", "\\")) else self._resolve(url)

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        if name == "id" and value.startswith("__"):
            return None
        if name == "href" and _is_whole(value):
            # It stays; but who resolves links must hear of it.
            self._resolve(value)
        # A page is no picture, but a browser would ask for it as for one.
        if tag == "img" and name == "src" and not _names_picture(value):
            if not _is_whole(value):
                self._relative(value)
            return None
        return value


def _is_whole(url: str) -> bool:
    return ":" in url.partition("/")[0]


def _names_picture(url: str) -> bool:
    return not _is_whole(url) and url.lower().endswith(_PICTURES)
