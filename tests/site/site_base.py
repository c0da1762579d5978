"""Documents for small bases, and ways to look at the sites built from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

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
    front = "\n".join(f"{name}: {value}" for name, value in found.items() if value)
    return f"cases/resolved/2024/{identity}.md", f"---\n{front}\n---\n\n{body}"


def lesson(number: int = 1, body: str = "## 由来\n\n一件事。\n", **fields: str) -> tuple[str, str]:
    """Path and text of a published lesson."""
    identity = f"LS-{number:03d}"
    found = {
        "id": identity,
        "title": f"第 {number} 条教训",
        "status": "已发布",
        "lesson_kind": "理念",
        "owner": "店长",
        "summary": "先处理情感，再处理事件。",
        "right_practice": "先听完，再说话。",
        **fields,
    }
    front = "\n".join(f"{name}: {value}" for name, value in found.items() if value)
    return f"cases/lessons/{identity}.md", f"---\n{front}\n---\n\n{body}"


def write(root: Path, path: str, text: str) -> None:
    """Write one file of a base."""
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def files_of(folder: Path) -> Mapping[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read(folder: Path, address: str) -> str:
    """The HTML of a page."""
    return (folder / address / "index.html").read_text(encoding="utf-8")
