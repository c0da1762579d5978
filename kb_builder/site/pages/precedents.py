"""The page 找先例: a frame that the client fills."""

from __future__ import annotations

from kb_builder.site import templates
from kb_builder.site.pages import SitePage


def page() -> SitePage:
    """`/precedents/`."""
    return SitePage(
        address="precedents/",
        title="找先例",
        description="粘贴客户的原话：相似案例怎么办的、该用哪份预案、最迟几点答复。",
        content=templates.render("precedents.html"),
        section="precedents",
    )
