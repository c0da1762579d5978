"""Reads `audiences.yml`: whether a base keeps audiences apart, and for whom it builds when nobody says."""

from __future__ import annotations

from kb_builder.diagnostics import KbError
from kb_builder.loader.config import Config
from kb_builder.model.audience import INTERNAL, PUBLIC, RESTRICTED, VISIBILITY, Audience
from kb_builder.model.schema import Schema

AUDIENCES = "audiences.yml"

_NEVER_INTERNAL = ("id", "title", "status", VISIBILITY)
"""Fields without which there is no page, or no telling who may see it."""


def read_audience(config: Config, schema: Schema) -> Audience | None:
    """The audience of a build for which none is named; None where the base keeps none apart.

    Raises KbError for what can't be used, and where the schema lacks what keeping audiences apart needs.
    """
    for kind in schema.kinds.values():
        for name in _NEVER_INTERNAL:
            spec = kind.fields.get(name)
            if spec is not None and spec.internal:
                raise KbError(
                    f"schema.yml: {kind.name} 的 {name} 不能写 internal: true，每一页都要有它"
                )
    top = config.entries(config.root, "default")
    if "default" not in top:
        return None
    text = config.text(top["default"])
    if text not in tuple(Audience):
        names = "、".join(f"{each}（{each.label}）" for each in Audience)
        raise config.error(top["default"].span, f"没有“{text}”这种读者；可以写：{names}")
    for kind in schema.kinds.values():
        spec = kind.fields.get(VISIBILITY)
        values = spec.vocabulary.values if spec is not None and spec.vocabulary else {}
        strange = sorted(set(values) - {PUBLIC, INTERNAL, RESTRICTED})
        if PUBLIC not in values or strange:
            raise config.error(
                top["default"].span,
                f"要区分读者，schema.yml 的 {kind.name} 就要有词表字段 {VISIBILITY}，"
                f"值只能是 {PUBLIC}、{INTERNAL}、{RESTRICTED}",
            )
    return Audience(text)
