"""The gate's lists and patterns as plain data, for the gate that runs in the browser."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kb_builder.model.privacy import Privacy
from kb_builder.privacy import (
    bare,
    candidates,
    forms,
    given,
    names,
    patterns,
    reading,
    redaction,
    signs,
    words,
)
from kb_builder.privacy.categories import Category
from kb_builder.privacy.denied import ALSO_NAMES, DENIED
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
        # The characters of the last of its lists are those of the first patterns of names: near, they compress.
        "bare": _bare(),
        "names": {
            "candidate": names.CANDIDATE,
            "surname": names.SURNAME,
            "between": names.BETWEEN,
            "field": names.FIELD,
            "duty": f"[{names.COLONS}]{names.DUTY}",
            "latin_field": names.LATIN_FIELD,
            "birthday": names.BIRTHDAY,
            "list": names.LIST + patterns.END,
            "sure_field": words.SURE_FIELDS,
            "separator": names.SEPARATOR,
            "not_third": "".join(sorted(words.NOT_LAST)),
            "not_last": "".join(sorted(words.NOT_LAST)) + given.MIDDLE,
            "weak": "".join(sorted(words.WEAK)),
            "unlikely": "".join(sorted(signs.UNLIKELY)),
            "longest_title": names.LONGEST_TITLE,
            "goes_on": words.GOES_ON,
            "denied": " ".join(sorted(DENIED)),
            "also_names": sorted(ALSO_NAMES),
            "before": words.BEFORE,
            "after": words.AFTER,
            "links": words.LINKS,
            "deeds": words.DEEDS,
            "following": words.FOLLOWING,
            "following_sure": words.FOLLOWING_SURE,
            "honorifics": words.HONORIFICS,
            "places": words.PLACES,
            "birthdays": words.BIRTHDAYS,
            "latin_fields": words.LATIN_FIELDS,
            "not_values": words.NOT_VALUES,
            "allowed": sorted({*roles, *settings.people}),
        },
        "forms": {
            "dotted": forms.DOTTED,
            "parts": forms.PARTS,
            "no_name": forms.NO_NAME,
        },
        "domains": [f"@{domain}" for domain in settings.domains],
        "reviewed": sorted(gate.reviewed),
        "marks": {category.value: category.wording.mark for category in Category},
        "nouns": redaction.NOUNS,
        "persons": redaction.PERSONS,
    }


def _bare() -> Data:
    return {
        "enough": bare.ENOUGH,
        "least": bare.LEAST,
        "doubles": sorted(bare.DOUBLES),
        "double": bare.DOUBLE,
        "unsure_double": bare.UNSURE_DOUBLE,
        "unsure_doubles": signs.UNSURE_DOUBLES,
        "person": bare.PERSON,
        "clear": bare.CLEAR,
        "two": bare.TWO,
        "clear_two": bare.CLEAR_TWO,
        "twice": bare.TWICE,
        "begins_as_word": bare.BEGINS_AS_WORD,
        "before": bare.BEFORE,
        "after": bare.AFTER,
        "longest": bare.LONGEST,
        "edge": bare.EDGE,
        "loose": bare.LOOSE,
        "done": bare.DONE,
        "inside": bare.INSIDE,
        "cuts": bare.CUTS,
        "joined": bare.JOINED,
        "verb": bare.VERB,
        "authors": bare.AUTHORS,
        "works": bare.WORKS,
        "row": bare.ROW,
        "word_ends": "".join(sorted(signs.WORD_ENDS)),
        "word_begins": "".join(sorted(signs.WORD_BEGINS)),
        "phrase_ends": "".join(sorted(signs.PHRASE_ENDS)),
        "town_ends": "".join(sorted(signs.TOWN_ENDS)),
        "place_ends": "".join(sorted(signs.PLACE_ENDS)),
        "nobody": " ".join(sorted(signs.NOBODY)),
        "idioms": " ".join(sorted(signs.IDIOMS)),
        "surnames": _weights(bare.SURNAME),
        "characters": _weights(dict(sorted(bare.CHARACTER.items()))),
    }


def _weights(weights: Mapping[str, int]) -> tuple[str, str]:
    """The characters, and a digit for each: its weight above that of the least.

    They stand in the order of the pattern of names, so that compressed they cost nearly nothing.
    """
    return "".join(weights), "".join(str(weight - bare.LEAST) for weight in weights.values())


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
