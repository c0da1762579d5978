"""Reads `site_config/privacy.yml`: what counts as personal here, and what has been reviewed."""

from __future__ import annotations

import re

from kb_builder.loader.config import Config
from kb_builder.model.front_matter import Node
from kb_builder.model.privacy import Numbering, Privacy, Reviewed

PRIVACY = "privacy.yml"

_KEYS = ("numbers", "domains", "people", "fields", "reviewed")
_FEWEST = 5
"""A shorter form would be found in every other number."""


def read_privacy(config: Config) -> Privacy:
    """The settings; without the file, there are none. Raises KbError for what can't be used."""
    top = config.entries(config.root, *_KEYS)
    return Privacy(
        numbers=tuple(_numbering(config, node) for node in config.items(top.get("numbers"))),
        domains=tuple(text.lower().lstrip("@") for text in config.texts(top.get("domains"))),
        people=config.texts(top.get("people")),
        fields=config.texts(top.get("fields")),
        reviewed=tuple(_reviewed(config, node) for node in config.items(top.get("reviewed"))),
        path=config.path,
    )


def _numbering(config: Config, node: Node) -> Numbering:
    parts = config.entries(node, "label", "forms", "after")
    found = Numbering(
        config.text(parts.get("label")),
        config.texts(parts.get("forms")),
        config.texts(parts.get("after")),
    )
    if not found.label or not (found.forms or found.after):
        raise config.error(node.span, "写上 label（号码的名称），以及 forms 或 after")
    for form in found.forms:
        if len(re.findall("[#@]", form)) < _FEWEST:
            message = f"“{form}”里至少要有 {_FEWEST} 个 # 或 @（# 是一位数字，@ 是一个字母）"
            raise config.error(parts["forms"].span, message)
    return found


def _reviewed(config: Config, node: Node) -> Reviewed:
    parts = config.entries(node, "value", "reason", "by")
    value, reason, by = (config.text(parts.get(name)) for name in ("value", "reason", "by"))
    if not (value and reason and by):
        raise config.error(
            node.span, "三项都要写：value（内容）、reason（理由）、by（哪个岗位核准的）"
        )
    return Reviewed(value, reason, by, parts["value"].span)
