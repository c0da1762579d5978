"""What customers say, and what it says about a complaint: `site_config/cues.yml`."""

from __future__ import annotations

from dataclasses import dataclass

FIELDS = (
    "complaint_type",
    "complaint_subtype",
    "appeal",
    "psychology",
    "severity",
    "complaint_stage",
    "crisis_signals",
    "channel",
    "cause",
)
"""The fields that cues may speak of, in the order in which they are shown."""

PLAYBOOK = "playbook"
"""Beside them: words that call for one playbook, by its id."""

GAP = "…"
"""In a phrase: a few characters of the same sentence, or none."""


@dataclass(frozen=True, slots=True)
class CueGroup:
    """The phrases that speak for one value of a field, as written.

    `strong` ones settle it, `weak` ones only hint at it. A phrase that overlaps with one of `cancelled` in the
    text does not count.
    """

    field: str
    value: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """Phrases of customers, and the words that case pages have for the same thing."""

    says: tuple[str, ...]
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of a base.

    `negations`: a phrase right behind one of them does not count. `jest`: in a sentence with one of
    them, or beside it, nothing is a danger sign. `implied` are (field, value, other field, its value):
    who finds the first may think of the second. `together` are (field, value, parts): where all parts are
    found, it is that value. `presumed` are (field, value): what holds as long as nothing speaks against it.
    """

    groups: tuple[CueGroup, ...] = ()
    themes: tuple[Theme, ...] = ()
    negations: tuple[str, ...] = ()
    jest: tuple[str, ...] = ()
    implied: tuple[tuple[str, str, str, str], ...] = ()
    together: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    presumed: tuple[tuple[str, str], ...] = ()
