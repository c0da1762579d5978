"""Documents that tests write into their bases, and the files of what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CASE_BODY = "## 记录\n\n{}\n\n## 总结\n\n录单要核对。\n"
"""A case's text, with a place for what is to be tried."""

BODY = "## 由来\n\n{}\n\n## 道理\n\n都一样。\n\n## 做法\n\n照做。\n"
"""A lesson's text, with a place for what is to be tried."""


def document(front: Mapping[str, str], body: str) -> str:
    """A document's text. A field without a value is left out."""
    lines = "\n".join(f"{name}: {value}" for name, value in front.items() if value)
    return f"---\n{lines}\n---\n\n{body}"


def case(
    number: int = 1, body: str = CASE_BODY.format("客户来电。"), **fields: str
) -> tuple[str, str]:
    """Path and text of a published case; `fields` add to or replace its front matter."""
    identity = f"CASE-2024-{number:04d}"
    found = {
        "id": identity,
        "title": f"第 {number} 件投诉",
        "status": "已发布",
        "occurred_on": "2024",
        "channel": "[投诉电话]",
        "summary": "客户订的货没有到，店里查明是漏了单，当天补送上门并道歉。",
        "owner": "客服专员",
        "case_kind": "正面典范",
        **fields,
    }
    return f"cases/resolved/2024/{identity}.md", document(found, body)


def lesson(number: int = 1, body: str = BODY.format("一件事。"), **fields: str) -> tuple[str, str]:
    """Path and text of a published lesson without faults; `fields` add to or replace its front matter."""
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
    return f"cases/lessons/{identity}.md", document(found, body)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, by its path in the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
