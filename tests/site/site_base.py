"""Documents for small bases, and ways to look at the sites built from them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from documents import document

REPOSITORY = Path(__file__).parents[2]

MKDOCS = "site_name: 测试库\ndocs_dir: cases\nplugins: [kb]\n"

MakeBase = Callable[..., Path]
BuildSite = Callable[..., Path]


def case(
    number: int = 1, body: str = "## 记录\n\n客户来电。\n\n## 总结\n\n录单要核对。\n", **fields: str
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


def write(root: Path, path: str, text: str) -> None:
    """Write one file of a base."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def read(folder: Path, address: str) -> str:
    """The HTML of a page."""
    return (folder / address / "index.html").read_text(encoding="utf-8")
