"""The declaration of kinds and fields, as `site_config/schema.yml` gives it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kb_builder.model.taxonomy import Vocabulary


class FieldType(StrEnum):
    """How the text of a field is read; `schema.yml` explains each."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    ROLE = "role"
    VOCABULARY = "vocabulary"
    REFERENCE = "reference"
    ID = "id"
    GROUP = "group"


class Needed(StrEnum):
    """When a field must be there."""

    DRAFT = "draft"
    PUBLISH = "publish"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field; the attributes are those of `schema.yml`."""

    name: str
    label: str
    type: FieldType
    many: bool = False
    needed: Needed = Needed.OPTIONAL
    waived: bool = False
    facet: bool = False
    shown: bool = True
    internal: bool = False
    weight: int = 0
    minimum: int | None = None
    maximum: int | None = None
    help: str = ""
    vocabulary: Vocabulary | None = None
    reference_kind: str = ""
    none_id: str = ""
    none_label: str = ""
    fields: Mapping[str, FieldSpec] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: case, playbook or lesson."""

    name: str
    label: str
    id_form: str
    folder: str
    address: str
    sections: tuple[str, ...]
    short_sections: tuple[str, ...]
    short_when: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, FieldSpec]

    @property
    def prefix(self) -> str:
        """What every id of this kind begins with, such as `CASE-`."""
        return self.id_form.partition("{")[0]

    @property
    def has_year(self) -> bool:
        """Whether the id carries a year."""
        return "{year}" in self.id_form

    @property
    def top_folder(self) -> str:
        """The folder below `cases/` that holds this kind and nothing else."""
        return self.folder.partition("/")[0]

    @property
    def id_example(self) -> str:
        """An id in the right form, to show to editors."""
        return self.make_id(2024, 1)

    def make_id(self, year: int | None, number: int) -> str:
        """The id with this number; `year` None means the year is not known (0000)."""

        def fill(match: re.Match[str]) -> str:
            if match[1] == "year":
                return f"{year or 0:04d}"
            return f"{number:0{match[2] or 1}d}"

        return re.sub(r"\{(year|number)(?::(\d+))?\}", fill, self.id_form)

    def parse_id(self, text: str) -> tuple[str, int] | None:
        """Year (four digits, or empty) and number of an id of this kind; None for any other text."""
        match = _id_pattern(self.id_form).fullmatch(text)
        if not match:
            return None
        return (match["year"] if self.has_year else ""), int(match["number"])

    def ids_in(self, text: str) -> Iterator[re.Match[str]]:
        """Every id of this kind that stands in a text by itself.

        >>> kind = Kind("lesson", "教训", "LS-{number:3}", "", "", (), (), {}, {})
        >>> [found[0] for found in kind.ids_in("见LS-001、XLS-002、LS-003.md")]
        ['LS-001', 'LS-003']
        """
        return _id_in_text(self.id_form).finditer(text)

    def canonical_id(self, text: str) -> str | None:
        """The id that `text` must mean: full width, lower case and missing zeros mended; or None.

        >>> Kind("case", "案例", "CASE-{year}-{number:4}", "", "", (), (), {}, {}).canonical_id(
        ...     "case-2024-1"
        ... )
        'CASE-2024-0001'
        """
        folded = unicodedata.normalize("NFKC", text).strip().upper().replace("_", "-")
        match = _NUMBER_AT_END.fullmatch(folded)
        if not match:
            return None
        for width in range(len(match[2]), 10):
            parsed = self.parse_id(f"{match[1]}{match[2]:0>{width}}")
            if parsed:
                return self.make_id(int(parsed[0] or 0), parsed[1])
        return None

    def folder_of(self, identity: str) -> str:
        """The folder below `cases/` where the document with this id belongs."""
        parsed = self.parse_id(identity)
        return self.folder.replace("{year}", parsed[0] if parsed else "0000")

    @property
    def references(self) -> Iterator[str]:
        """The names of the fields that name other documents."""
        return (spec.name for spec in self.fields.values() if spec.type is FieldType.REFERENCE)

    def facets(self) -> Iterator[FieldSpec]:
        """The fields readers browse and filter by."""
        return (spec for spec in self.fields.values() if spec.facet)


_NUMBER_AT_END = re.compile(r"(.{0,40}?)0*(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Schema:
    """All kinds, by name, and what was declared about them."""

    kinds: Mapping[str, Kind]

    def kind_of_id(self, identity: str) -> Kind | None:
        """The kind an id belongs to by its form."""
        return next((kind for kind in self.kinds.values() if kind.parse_id(identity)), None)

    def kind_of_file(self, path: str) -> Kind | None:
        """The kind of a content file, whose path is relative to the base."""
        # The file's name comes before its folder: a playbook in the folder of cases is a playbook.
        kind = self.kind_of_id(path.rpartition("/")[2].removesuffix(".md"))
        return kind or self.kind_of_path(path.partition("/")[2])

    def kind_of_path(self, path: str) -> Kind | None:
        """The kind that lives in the folder of `path` (relative to `cases/`)."""
        top = path.partition("/")[0]
        return next((kind for kind in self.kinds.values() if kind.top_folder == top), None)


@lru_cache
def _id_pattern(form: str) -> re.Pattern[str]:
    pattern = re.escape(form).replace(r"\{year\}", r"(?P<year>\d{4})")
    pattern = re.sub(
        r"\\{number(?::(\d+))?\\}", lambda m: rf"(?P<number>\d{{{m[1] or 1},9}})", pattern
    )
    return re.compile(pattern, re.ASCII)


@lru_cache
def _id_in_text(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){_id_pattern(form).pattern}(?!\w)", re.ASCII)
