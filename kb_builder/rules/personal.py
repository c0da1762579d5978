"""What the KB5 rules share: the gate runs once for each document, and no report echoes what it finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kb_builder.diagnostics import Diagnostic, Finding
from kb_builder.model.document import Document
from kb_builder.model.privacy import Privacy, Reviewed
from kb_builder.model.settings import Settings
from kb_builder.privacy import Category, Gate, masked
from kb_builder.privacy.documents import Place, places
from kb_builder.privacy.gate import canonical

if TYPE_CHECKING:
    from kb_builder.rules import Context


CATEGORY_RULES = {
    Category.PHONE: "KB501",
    Category.RESIDENT: "KB502",
    Category.CARD: "KB503",
    Category.PASSPORT: "KB504",
    Category.PLATE: "KB505",
    Category.VIN: "KB506",
    Category.COMPANY: "KB507",
    Category.EMAIL: "KB508",
    Category.ACCOUNT: "KB509",
    Category.IP: "KB510",
    Category.ADDRESS: "KB511",
    Category.ORDER: "KB512",
    Category.NAME: "KB513",
    Category.LABELLED: "KB514",
}
"""Category → the rule that reports it."""

PREFIX = "KB5"
"""How the ids of the rules about personal data begin."""

_QUOTED = re.compile("“([^”]*)”")


def roles_of(settings: Settings) -> list[str]:
    """The words for the roles of a base, which name nobody."""
    return [word for role in settings.roles for word in (role.label, *role.aliases)]


def gate_of(settings: Settings) -> Gate:
    """The gate of a base."""
    return Gate(settings.privacy, roles_of(settings))


def findings(document: Document, context: Context, category: Category) -> Iterator[Finding]:
    """What the rule of a category reports."""
    for place in context.personal(document):
        disclosure = place.disclosure
        if disclosure.category is category and disclosure.value not in context.gate.reviewed:
            wording = category.wording
            shown = masked(place.text.replace("\n", " "))
            yield Finding(place.span, f"写出了{wording.label}“{shown}”", wording.hint)


def look(document: Document, gate: Gate, settings: Settings) -> tuple[Place, ...]:
    """The personal data in a document, but for names where they belong."""
    return places(document, gate, settings.privacy.fields)


def idle(privacy: Privacy, seen: Collection[str]) -> Iterator[Reviewed]:
    """The reviewed values that no document writes any more; `seen` are those that documents do."""
    return (each for each in privacy.reviewed if canonical(each.value) not in seen)


def discreet(diagnostic: Diagnostic, found: tuple[Place, ...]) -> Diagnostic:
    """The diagnostic without what is personal: a report is kept in logs that many may read."""
    source, message, hint = diagnostic.source, diagnostic.message, diagnostic.hint
    for place in found:
        told = diagnostic.rule.startswith(PREFIX) or place.disclosure.category is Category.NAME
        if _overlaps(diagnostic, place) and not told:
            # What it quotes is a part of the number, and its hint may be the same in other digits.
            message = _QUOTED.sub(lambda match: f"“{masked(match[1])}”", message)
            hint = "先去掉这里的个人信息"
        message = message.replace(place.text, masked(place.text))
        hint = hint.replace(place.text, masked(place.text))
        if place.span.line == diagnostic.span.line:
            start, end = place.span.column - 1, place.span.column - 1 + place.span.length
            source = source[:start] + masked(source[start:end]) + source[end:]
    return replace(diagnostic, source=source, message=message, hint=hint)


def _overlaps(diagnostic: Diagnostic, place: Place) -> bool:
    ours, theirs = diagnostic.span, place.span
    if ours.line != theirs.line:
        return False
    return ours.column < theirs.column + theirs.length and theirs.column < ours.column + ours.length
