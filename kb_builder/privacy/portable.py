"""The gate's lists and patterns as plain data, for the gate that runs in the browser."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kb_builder.model.privacy import Privacy
from kb_builder.privacy import candidates, names, patterns, reading, redaction, words
from kb_builder.privacy.categories import Category
from kb_builder.privacy.gate import Gate
from kb_builder.privacy.patterns import Pattern

Data = dict[str, object]


def portable(settings: Privacy, roles: Collection[str] = ()) -> Data:
    """What `new Gate(data)` of client/privacy/gate.js needs to find what `Gate` finds.

    It holds no reviewed value in plain text that isn't published anyway: a reviewed value may be.
    """
    gate = Gate(settings, roles)
    return {
        "reading": {
            "wide": reading.WIDE,
            "unseen": reading.UNSEEN,
            "blanks": reading.BLANKS,
            "silent": reading.SILENT,
            "marked": reading.MARKED,
            "circled": reading.CIRCLED,
            "entities": reading.ENTITIES,
            "paired": reading.PAIRED,
            "spoken": reading.SPOKEN,
            "numerals": reading.NUMERALS,
        },
        "end": patterns.END,
        "first": _patterns((*gate.declared, *patterns.OTHERS)),
        "numbers": _patterns(patterns.NUMBERS),
        "last": _patterns(patterns.ADDRESSES),
        "run": patterns.RUN,
        "date": patterns.DATE,
        "tests": candidates.PATTERNS,
        "bad_road": patterns.BAD_ROAD,
        "names": {
            "candidate": names.CANDIDATE,
            "between": names.BETWEEN,
            "field": names.FIELD,
            "latin_field": names.LATIN_FIELD,
            "birthday": names.BIRTHDAY,
            "list": names.LIST + patterns.END,
            "sure_field": words.SURE_FIELDS,
            "separator": names.SEPARATOR,
            "not_third": "".join(sorted(words.NOT_LAST)),
            "given": "".join(sorted(words.GIVEN)),
            "not_last": "".join(sorted(words.NOT_LAST)) + words.MIDDLE,
            "weak": "".join(sorted(words.WEAK)),
            "goes_on": words.GOES_ON,
            "denied": sorted(words.DENIED),
            "before": words.BEFORE,
            "after": words.AFTER,
            "links": words.LINKS,
            "deeds": words.DEEDS,
            "joined": names.JOINED,
            "alone_before": words.ALONE_BEFORE,
            "alone_after": words.ALONE_AFTER,
            "not_alone": words.NOT_ALONE,
            "not_alone_last": words.NOT_ALONE_LAST,
            "following": words.FOLLOWING,
            "following_sure": words.FOLLOWING_SURE,
            "honorifics": words.HONORIFICS,
            "places": words.PLACES,
            "birthdays": words.BIRTHDAYS,
            "latin_fields": words.LATIN_FIELDS,
            "not_values": words.NOT_VALUES,
            "allowed": sorted({*roles, *settings.people}),
        },
        "domains": [f"@{domain}" for domain in settings.domains],
        "reviewed": sorted(gate.reviewed),
        "marks": {category.value: category.wording.mark for category in Category},
        "nouns": redaction.NOUNS,
        "persons": redaction.PERSONS,
    }


def _patterns(found: Sequence[Pattern]) -> list[Data]:
    return [
        {
            "category": each.category.value,
            "pattern": each.pattern,
            "test": each.test,
            "near": each.near,
            "never_before": each.never_before,
            "never_after": each.never_after,
            "reach": each.reach,
            "triggers": each.triggers,
        }
        for each in found
    ]
