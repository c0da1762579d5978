"""Write our own index: `python build_kb.py DOCUMENTS SITE`."""

import json
import sys
from pathlib import Path

from kb_builder.analysis.analyzer import Analyzer
from kb_builder.browser import Tables, export
from kb_builder.index import Entry

# What site_config/schema.yml gives a title.
TITLE = 4

documents = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
entries = [
    Entry(
        document["id"],
        "case",
        document["title"],
        f"c/{document['id']}/",
        (("title", TITLE, document["title"]), ("body", 1, document["text"])),
        {},
    )
    for document in documents
]
export(entries, Analyzer(), Tables(), Path(sys.argv[2]) / "search")
