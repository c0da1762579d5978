"""Reads `checks.yml`: how much each rule weighs, and from where on it speaks."""

from __future__ import annotations

from collections.abc import Collection

from kb_builder.diagnostics import Level
from kb_builder.loader.config import Config
from kb_builder.model.checks import QUOTE_LENGTH, Checks, LevelChange
from kb_builder.model.front_matter import Node

_LEVELS: dict[str, Level | None] = {
    "error": Level.ERROR,
    "warning": Level.WARNING,
    "hint": Level.HINT,
    "off": None,
}
_BY_WORD = _LEVELS | {level.label: level for level in Level} | {"关闭": None}


def read_checks(config: Config, *, kinds: Collection[str], severities: Collection[str]) -> Checks:
    """The settings of the check. Raises KbError at the first thing that means nothing.

    Args:
        config: `checks.yml`, which may be missing.
        kinds: the names that `review_months` may use.
        severities: the ids that `reply_hours` may use.
    """
    top = config.entries(config.root, "levels", "review_months", "quote_length", "reply_hours")
    length = config.number(top.get("quote_length"))
    return Checks(
        levels=tuple(
            LevelChange(rule, _level(config, node), f"{config.path}:{node.span.line}:1")
            for rule, node in config.entries(top.get("levels")).items()
        ),
        review_months=_numbers(config, top.get("review_months"), kinds),
        quote_length=QUOTE_LENGTH if length is None else length,
        reply_hours=_numbers(config, top.get("reply_hours"), severities),
    )


def _level(config: Config, node: Node) -> Level | None:
    word = config.text(node)
    if word not in _BY_WORD:
        choices = "、".join(
            f"{name}（{level.label if level is not None else '关闭'}）"
            for name, level in _LEVELS.items()
        )
        raise config.error(node.span, f"没有“{word}”这个级别；可以写：{choices}")
    return _BY_WORD[word]


def _numbers(config: Config, node: Node | None, names: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    # Without a name to allow, `entries` would allow all.
    for name, value in config.entries(node, *(names or ("",))).items():
        number = config.number(value)
        if number is None or number == 0:
            raise config.error(value.span, "这里应当是大于 0 的整数")
        found[name] = number
    return found
