"""Small bases with this repository's schema and vocabularies, and the files of what is built from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import documents
from trees import settings_files

MKDOCS = "site_name: 测试库\nsite_url: https://kb.example.org/\ndocs_dir: cases\nplugins: [kb]\n"
HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "hostile"
"""Payloads that others published; they are not ours to hand on, so they lie outside the repository."""

MISSING = "../shared/data/hostile is not here"


def make_base(root: Path, files: Mapping[str, str]) -> Path:
    """A base without audiences that holds these files."""
    found = {
        path: data for path, data in settings_files().items() if not path.endswith("audiences.yml")
    }
    found["mkdocs.yml"] = MKDOCS.encode()
    for path, data in (found | {path: text.encode() for path, text in files.items()}).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (root / "cases").mkdir(exist_ok=True)
    return root


def case(number: int, text: str = "客户来电，说货没有到。", **fields: str) -> tuple[str, str]:
    """Path and text of a published case without faults."""
    found = {"occurred_on": "2024-05", "severity": "较重", "incomplete": "true", **fields}
    return documents.case(number, documents.CASE_BODY.format(text), **found)


def quoted(text: str) -> str:
    """A text as YAML that any reader reads as exactly this text."""
    return json.dumps(text)
