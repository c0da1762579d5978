"""The page of a lesson."""

from __future__ import annotations

from markupsafe import Markup

from kb_builder.insight.packs import questions
from kb_builder.insight.shares import shares
from kb_builder.model.document import Document
from kb_builder.site import templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.pages import SitePage, blocks
from kb_builder.site.pages.blocks import Blocks, Body


def page(catalogue: Catalogue, document: Document, body: Body) -> SitePage:
    """The page of a lesson: the statement, wrong beside right, where it comes from."""
    found = Blocks(body)
    for part in body.sections:
        found.section(part)
    found.add("自测题", _quiz(catalogue, document), "quiz")
    found.add("数据", _statistics(catalogue, document), "statistics")
    cases = catalogue.listed.referring("lessons", document.id)
    found.add(
        "来自这些案例", templates.macro("evidence", cases, catalogue) if cases else Markup(), "rows"
    )
    blocks.closing(catalogue, document, found)
    top = templates.render(
        "lesson-top.html",
        wrong=document.text("wrong_practice"),
        right=document.text("right_practice"),
        audience=catalogue.badges(document, "audience_role"),
    )
    tags = catalogue.badges(document, "lesson_kind")
    return blocks.page(catalogue, document, found, tags=tags, top=top)


def _quiz(catalogue: Catalogue, document: Document) -> Markup:
    found = questions(document)
    if not found:
        return Markup()
    return templates.render(
        "training/quiz.html", questions=found, linked=False, catalogue=catalogue
    )


def _statistics(catalogue: Catalogue, document: Document) -> Markup:
    known = catalogue.settings.statistics
    found = [known[name] for name in dict.fromkeys(document.texts("statistics")) if name in known]
    return (
        templates.macro("statistics", [(one, shares(one)) for one in found]) if found else Markup()
    )
