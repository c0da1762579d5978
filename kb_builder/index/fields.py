"""字段:值 in a query: what a field and a value in the reader's words mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kb_builder.analysis.folding import fold

KIND, YEAR = "kind", "year"
"""Names of the two that are no facets."""

STATUS = "status"

_KIND_NAMES = (KIND, "种类")
_YEAR_NAMES = (YEAR, "年份", "年")
_YEAR = re.compile(r"([0-9]{4})年?")
_BOOLEANS = {"true": "是", "false": "否"}


@dataclass(frozen=True, slots=True)
class Names:
    """A kind, a facet or a value: its id, and all that a reader may write for it."""

    id: str
    others: tuple[str, ...] = ()

    def fit(self, text: str) -> bool:
        """Whether a reader who writes this means it."""
        return fold(text) in map(fold, (self.id, *self.others))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter: a facet, `KIND` or `YEAR`, and the id of a value, or a year."""

    name: str
    value: str


class Fields:
    """The kinds and facets of a base.

    `facets` are (facet, its declared values). A browser resolves in the same way
    (`browser/client/engine.js`); `tests/vectors/fields.json` is read by both.
    """

    def __init__(
        self, kinds: Iterable[Names] = (), facets: Iterable[tuple[Names, Iterable[Names]]] = ()
    ) -> None:
        self._kinds = tuple(kinds)
        self._facets = tuple((facet, tuple(values)) for facet, values in facets)

    def resolve(self, field: str, value: str, used: Mapping[str, Collection[str]]) -> Chosen | None:
        """What `field:value` means; None when it is just text.

        `used` are the values that any document has, by facet: choosing another would find nothing, so
        that is searched for as text.
        """
        if _is_one_of(field, _YEAR_NAMES):
            year = _YEAR.fullmatch(fold(value))
            return Chosen(YEAR, year[1]) if year else None
        if _is_one_of(field, _KIND_NAMES):
            kinds = (kind for kind in self._kinds if kind.fit(value))
            return next((Chosen(KIND, kind.id) for kind in kinds), None)
        for facet, declared in self._facets:
            held = used.get(facet.id, ())
            # Where all documents are published, there is nothing to choose from.
            if facet.fit(field) and held and not (facet.id == STATUS and len(held) == 1):
                values = [names for names in declared if names.id in held]
                known = {names.id for names in declared}
                values += [_undeclared(id_) for id_ in sorted(held) if id_ not in known]
                for names in values:
                    if names.fit(value):
                        return Chosen(facet.id, names.id)
        return None


def _undeclared(id_: str) -> Names:
    return Names(id_, (_BOOLEANS[id_],) if id_ in _BOOLEANS else ())


def _is_one_of(text: str, names: Iterable[str]) -> bool:
    return fold(text) in names
