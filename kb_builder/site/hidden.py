"""Links from what a site's readers may see to what they may not, wherever the renderer finds them.

The check looks for them in the source (KB702), and can't read it in every way in which the converter does. Here
is known what every link on a page came to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from kb_builder import rules
from kb_builder.diagnostics import Diagnostic, Level, Span, quoted
from kb_builder.loader import Base
from kb_builder.model.document import Document
from kb_builder.model.pages import hand_address
from kb_builder.site.catalogue import address_of
from kb_builder.site.links import Astray, Resolver, Targets

_RULE = "KB702"


def links_to_hidden(
    astray: Iterable[Astray], whole: Base, seen: Base, site_url: str
) -> tuple[Diagnostic, ...]:
    """Those of the links that lead to what of the whole base is not in the one that is seen, by file and place."""
    links = dict.fromkeys(astray)
    if not links or whole is seen:
        return ()
    targets = _hidden(whole, seen, site_url)
    sources = {each.path: each for each in (*whole.corpus.documents, *whole.corpus.beside)}
    found = (
        _diagnostic(sources[each.path], span, each.url, seen)
        for each in links
        if Resolver(targets, each.path, each.address).leads(each.url)
        for span in _places(sources[each.path], each.url)
    )
    return tuple(sorted(found, key=lambda each: each.sort_key))


def _hidden(whole: Base, seen: Base, site_url: str) -> Targets:
    """What only the whole base has, as targets of links."""
    shown = {document.path for document in seen.corpus.documents}
    files = {path: hand_address(path) for path in whole.corpus.pages - seen.corpus.pages}
    old: set[str] = set()
    for document in whole.corpus.documents:
        if document.kind is not None and document.path not in shown:
            files[document.path] = address_of(document.kind, document.id)
            old |= {address_of(document.kind, id_) for id_ in document.texts("redirect_from")}
    return Targets(files, old.union(files.values()), lambda _: None, site_url)


def _diagnostic(document: Document, span: Span, url: str, seen: Base) -> Diagnostic:
    found = rules.find(_RULE)
    assert found is not None  # it is one of ours
    return Diagnostic(
        document.path,
        span,
        found.id,
        found.name,
        Level.ERROR,
        f"{seen.audience.label}看得到这一页，看不到链接{quoted(url)}指向的页面",
        "去掉这个链接，或让两页的可见范围一样",
        document.lines[span.line - 1],
    )


def _places(document: Document, url: str) -> list[Span]:
    """Where a link is written; the first line where only the converter can tell."""
    written = re.compile(rf"(?<![^\s(<\"'=]){re.escape(url)}(?![^\s)>\"'])")
    found = []
    for number, line in enumerate(document.lines, start=1):
        if match := written.search(line):
            found.append(Span(number, match.start() + 1, len(url)))
        elif "&" in line and written.search(html.unescape(line)):
            found.append(Span(number, 1, len(line)))
    return found or [Span(1, 1, max(1, len(document.lines[0])))]
