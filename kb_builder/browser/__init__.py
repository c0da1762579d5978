"""The search that runs in the reader's browser: the index written here, the client beside it.

`export` writes the files that FORMAT.md describes, `Reader` reads them as the client does, and
`self_test` tries every document of an export.
"""

from kb_builder.browser.advice import AdviceData
from kb_builder.browser.export import ExportReport, Tables, export, export_terms, tables_of
from kb_builder.browser.reading import DamagedError, Reader
from kb_builder.browser.trial import Failure, self_test

__all__ = [
    "AdviceData",
    "DamagedError",
    "ExportReport",
    "Failure",
    "Reader",
    "Tables",
    "export",
    "export_terms",
    "self_test",
    "tables_of",
]
