"""The one home of MkDocs: pages, the theme's shell, the plugin that makes a site of a base."""

from kb_builder.site.build import BuildReport, build, serve

__all__ = ["BuildReport", "build", "serve"]
