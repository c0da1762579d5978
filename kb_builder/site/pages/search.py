"""The search page: a frame that the client fills."""

from __future__ import annotations

from kb_builder.site import fragments, templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.pages import SitePage


def search(catalogue: Catalogue) -> SitePage:
    """`/search/`; the facets come in the same order as under 浏览."""
    first = next((facet for facet in catalogue.facets if facet.choices), None)
    return SitePage(
        address="search/",
        title="搜索",
        description="在案例、预案和教训里搜索。",
        content=templates.render(
            "search.html",
            facets=["kind", *(facet.name for facet in catalogue.facets)],
            levels=_levels(catalogue),
            example=f"{first.label}:{first.choices[0].label}" if first else "",
        ),
        section="search",
        # What it shows depends on what is searched for.
        listed=False,
    )


def _levels(catalogue: Catalogue) -> str:
    """How many bars each severity has, for the client: `minor:1 crisis:5`."""
    return " ".join(
        dict.fromkeys(
            f"{value}:{level}"
            for kind in catalogue.settings.schema.kinds.values()
            for spec in kind.facets()
            if spec.vocabulary is not None
            for value in spec.vocabulary.values
            if (level := fragments.severity_level(spec, value))
        )
    )
