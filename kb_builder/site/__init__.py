"""The one home of MkDocs: pages, the theme's shell, the plugin that makes a site of a base."""

from kb_builder.site.build import BuildReport, build, serve
from kb_builder.site.compressed import compress
from kb_builder.site.record import Record

__all__ = ["BuildReport", "Record", "build", "compress", "serve"]
