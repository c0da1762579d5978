"""Small bases with this repository's schema and vocabularies, and the files of what is built from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from trees import settings_files

MKDOCS = "site_name: 测试库\nsite_url: https://kb.example.org/\ndocs_dir: cases\nplugins: [kb]\n"
HOSTILE = Path(__file__).parents[3] / "shared" / "data" / "hostile"
"""Payloads that others published; they are not ours to hand on, so they lie outside the repository."""

MISSING = "../shared/data/hostile is not here"

BODY = "## 由来\n\n{}\n\n## 道理\n\n都一样。\n\n## 做法\n\n照做。\n"


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


def lesson(number: int, body: str = BODY.format("一件事。"), **fields: str) -> tuple[str, str]:
    """Path and text of a published lesson."""
    identity = f"LS-{number:03d}"
    found = {
        "id": identity,
        "title": f"第 {number} 条教训",
        "status": "已发布",
        "lesson_kind": "理念",
        "owner": "店长",
        "summary": "先处理情感，再处理事件，一次说清，不让客户等。",
        "right_practice": "先听完，再说话。",
        **fields,
    }
    return f"cases/lessons/{identity}.md", _document(found, body)


def case(number: int, text: str = "客户来电，说货没有到。", **fields: str) -> tuple[str, str]:
    """Path and text of a published case."""
    identity = f"CASE-2024-{number:04d}"
    found = {
        "id": identity,
        "title": f"第 {number} 件投诉",
        "status": "已发布",
        "occurred_on": "2024-05",
        "channel": "[投诉电话]",
        "summary": "客户订的货没有到，店里查明是漏了单，当天补送上门并道歉。",
        "owner": "客服专员",
        "case_kind": "正面典范",
        "severity": "较重",
        "incomplete": "true",
        **fields,
    }
    body = f"## 记录\n\n{text}\n\n## 总结\n\n录单要核对。\n"
    return f"cases/resolved/2024/{identity}.md", _document(found, body)


def quoted(text: str) -> str:
    """A text as YAML that any reader reads as exactly this text."""
    return json.dumps(text)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _document(front: Mapping[str, str], body: str) -> str:
    lines = "\n".join(f"{name}: {value}" for name, value in front.items() if value)
    return f"---\n{lines}\n---\n\n{body}"
