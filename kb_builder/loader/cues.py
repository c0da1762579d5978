"""Reads `cues.yml`, which words of a customer say what about the complaint, and `sayings.yml`, what
customers say in the situations that playbooks are for.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb_builder.loader.config import Config
from kb_builder.model.cues import FIELDS, GAP, PLAYBOOK, CueGroup, Cues, Theme
from kb_builder.model.front_matter import Node
from kb_builder.model.taxonomy import Vocabulary

_TOP = ("fields", "playbooks", "themes", "negations", "jest", "implied", "together", "presumed")
_LONGEST = 30
_LONGEST_SAYING = 80


def read_cues(config: Config, vocabularies: Mapping[str, Vocabulary]) -> Cues:
    """The cues of a base. Raises KbError at the first thing that means nothing.

    Args:
        config: `cues.yml`, which may be missing.
        vocabularies: those of the base; each field has the one of its name.
    """
    top = config.entries(config.root, *_TOP)
    groups: list[CueGroup] = []
    for field, node in config.entries(top.get("fields"), *FIELDS).items():
        for value, inner in _values(config, node, field, vocabularies).items():
            groups.append(_group(config, inner, field, value))
    for identity, node in config.entries(top.get("playbooks")).items():
        groups.append(_group(config, node, PLAYBOOK, identity))
    return Cues(
        groups=tuple(groups),
        themes=tuple(_theme(config, node) for node in config.items(top.get("themes"))),
        negations=_phrases(config, top.get("negations")),
        jest=_phrases(config, top.get("jest")),
        implied=tuple(_implied(config, top.get("implied"), vocabularies)),
        together=tuple(_together(config, top.get("together"), vocabularies)),
        presumed=tuple(
            (field, _value(config, node, config.text(node), field, vocabularies))
            for field, node in config.entries(top.get("presumed"), *FIELDS).items()
        ),
    )


def read_sayings(config: Config) -> dict[str, tuple[str, ...]]:
    """The sayings of each playbook, by its id. Raises KbError at one that is too long or written twice.

    Args:
        config: `sayings.yml`, which may be missing.
    """
    read: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for identity, node in config.entries(config.root).items():
        said = []
        for item in config.items(node):
            text = config.text(item)
            if not text.strip() or len(text) > _LONGEST_SAYING:
                message = f"“{text}”不能用：一句话最多 {_LONGEST_SAYING} 个字"
                raise config.error(item.span, message)
            if text in seen:
                raise config.error(item.span, f"“{text}”写了两遍：{seen[text]} 里已经有了")
            seen[text] = identity
            said.append(text)
        read[identity] = tuple(said)
    return read


def _values(
    config: Config, node: Node, field: str, vocabularies: Mapping[str, Vocabulary]
) -> dict[str, Node]:
    """The entries of a mapping whose keys are values of a field, by their ids."""
    found: dict[str, Node] = {}
    for written, inner in config.entries(node).items():
        found[_value(config, inner, written, field, vocabularies)] = inner
    return found


def _value(
    config: Config, node: Node, text: str, field: str, vocabularies: Mapping[str, Vocabulary]
) -> str:
    vocabulary = vocabularies.get(field)
    value = None if vocabulary is None else vocabulary.find(text)
    if value is None:
        near = None if vocabulary is None else vocabulary.nearest(text)
        hint = f"；是不是“{near.id}”（{near.label}）？" if near else ""
        raise config.error(node.span, f"词表 taxonomy/{field}.yml 里没有“{text}”{hint}")
    return value.id


def _group(config: Config, node: Node, field: str, value: str) -> CueGroup:
    parts = config.entries(node, "strong", "weak", "not")
    return CueGroup(
        field=field,
        value=value,
        strong=_phrases(config, parts.get("strong")),
        weak=_phrases(config, parts.get("weak")),
        cancelled=_phrases(config, parts.get("not")),
    )


def _theme(config: Config, node: Node) -> Theme:
    parts = config.entries(node, "says", "means")
    return Theme(
        says=_phrases(config, parts.get("says")), means=_phrases(config, parts.get("means"))
    )


def _phrases(config: Config, node: Node | None) -> tuple[str, ...]:
    """Phrases that can be looked for: something before, between and behind gaps, none twice."""
    phrases: list[str] = []
    for item in config.items(node):
        phrase = config.text(item)
        if not all(part.strip() for part in phrase.split(GAP)) or len(phrase) > _LONGEST:
            message = f"“{phrase}”不能用：最多 {_LONGEST} 个字，省略号前后都要有字"
            raise config.error(item.span, message)
        if phrase in phrases:
            raise config.error(item.span, f"“{phrase}”写了两遍")
        phrases.append(phrase)
    return tuple(phrases)


def _implied(
    config: Config, node: Node | None, vocabularies: Mapping[str, Vocabulary]
) -> list[tuple[str, str, str, str]]:
    found = []
    for field, inner in config.entries(node, *FIELDS).items():
        for value, others in _values(config, inner, field, vocabularies).items():
            for other, written in config.entries(others, *FIELDS).items():
                text = config.text(written)
                found.append(
                    (field, value, other, _value(config, written, text, other, vocabularies))
                )
    return found


def _together(
    config: Config, node: Node | None, vocabularies: Mapping[str, Vocabulary]
) -> list[tuple[str, str, tuple[str, ...]]]:
    found = []
    for field, inner in config.entries(node, *FIELDS).items():
        for value, parts in _values(config, inner, field, vocabularies).items():
            ids = tuple(
                _value(config, part, config.text(part), field, vocabularies)
                for part in config.items(parts)
            )
            found.append((field, value, ids))
    return found
