"""What the index needs to know of one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNSHOWN = "."
"""How the names of fields begin that readers don't see."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One document to be found.

    A field whose name begins with `UNSHOWN` is searched, but no excerpt is cut from it: customers' words
    that an editor made up must not look like a quotation from the case.

    `texts` are (field name, weight, text): the title first, the body last; weights are whole
    numbers from 1, texts are plain text without markup. `facets` map a field to the ids of its
    values. `date` is 2016-03-01, 2016-03, 2016 or empty.
    """

    id: str
    kind: str
    title: str
    address: str
    texts: tuple[tuple[str, int, str], ...]
    facets: Mapping[str, tuple[str, ...]]
    date: str = ""
