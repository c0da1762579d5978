"""What the owner of a base declares about personal data in `site_config/privacy.yml`."""

from __future__ import annotations

from dataclasses import dataclass

from kb_builder.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers of one's own that lead to a person, such as order numbers.

    They are known by their `forms` (`#` a digit, `@` a letter, all else itself), or by the words
    `after` which they stand, whatever their form.
    """

    label: str
    forms: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A value that may be published: why, and which role said so; `span` is where it is declared."""

    value: str
    reason: str
    by: str
    span: Span


@dataclass(frozen=True, slots=True)
class Privacy:
    """All of `site_config/privacy.yml`.

    `people` are public persons who may be named. `fields` are places in front matter where names
    belong (`sources.author`). Mail to `domains` goes to ourselves. `path` is where all this is declared.
    """

    numbers: tuple[Numbering, ...] = ()
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    reviewed: tuple[Reviewed, ...] = ()
    path: str = ""
