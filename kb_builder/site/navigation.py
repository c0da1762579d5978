"""What of the `nav:` in `mkdocs.yml` can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from mkdocs.structure.nav import Link


def without_dangling(items: Iterable[Any], dangling: list[str]) -> Iterator[Any]:
    """The items of a navigation but for those that lead to no page, whose targets are put into `dangling`.

    MkDocs would show them, title and all: also of a page that isn't for the readers of this site.
    """
    for item in items:
        if isinstance(item, Link):
            target = urlsplit(item.url)
            if not (target.scheme or target.netloc or target.path.startswith("/")):
                dangling.append(item.url)
                continue
        elif item.is_section:
            item.children = list(without_dangling(item.children, dangling))
            if not item.children:
                continue
        yield item
