"""Our own Jinja templates, always autoescaped; MkDocs' environment is another one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from kb_builder.site.fragments import bar_width, date_text
from kb_builder.site.links import ROOT

FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["root"] = Markup(ROOT)  # noqa: S704  a mark, not text
    environment.globals["bar_width"] = bar_width
    environment.filters["date_text"] = date_text
    return environment


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _module(name: str) -> Any:
    return _template(name).module


def render(name: str, **context: Any) -> Markup:
    """A template as safe HTML; text in `context` is escaped unless it is Markup."""
    return Markup(_template(name).render(**context))  # noqa: S704  autoescaped


def macro(name: str, *arguments: Any, **keywords: Any) -> Markup:
    """One macro of `macros.html` as safe HTML."""
    found: Markup = getattr(_module("macros.html"), name)(*arguments, **keywords)
    return found
