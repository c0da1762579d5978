"""Random bases of public, internal and restricted pages, each of which holds a mark that is nowhere else."""

from __future__ import annotations

import random
import shutil
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from places import REPOSITORY

MKDOCS = "site_name: 测试库\nsite_url: https://kb.example.org/\ndocs_dir: cases\nplugins: [kb]\n"
VISIBILITIES = ("public", "public", "public", "internal", "restricted")

_SUBJECTS = (
    "座椅套",
    "显示器",
    "净水器",
    "儿童推车",
    "会员卡",
    "机票",
    "宽带",
    "窗帘",
    "手机壳",
    "保险单",
)
_FAULTS = (
    "漏了单",
    "发错颜色",
    "迟了五天",
    "多扣了钱",
    "没有发票",
    "装反了",
    "少一个零件",
    "答应的没做到",
)


@dataclass
class Tree:
    """A base as files, and what is secret in it: mark → the visibility of where it stands."""

    files: dict[str, bytes] = field(default_factory=dict)
    visibility: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def write(self, root: Path, *seen: str) -> Path:
        """Write the files whose visibility is one of `seen`; all without."""
        for path, data in self.files.items():
            if not seen or self.visibility.get(path, "public") in seen:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
        return root


def random_tree(seed: int, *, cases: int = 12) -> Tree:
    """A base in which what is public refers to what is public only; other pages refer to anything."""
    chance = random.Random(seed)
    tree = Tree()
    names = {
        "cases": [f"CASE-{chance.randint(2019, 2024)}-{n:04d}" for n in range(1, cases + 1)],
        "lessons": [f"LS-{n:03d}" for n in range(1, cases // 2)],
        "playbooks": [f"PB-{n:03d}" for n in range(1, cases // 3)],
    }
    seen = {
        name: chance.choice(VISIBILITIES) if at else "public"
        for each in names.values()
        for at, name in enumerate(each)
    }
    # The newest and the highest number are what lists and drafts show first.
    seen[names["cases"][-1]] = "internal"

    def some(kind: str, name: str) -> str:
        near = [each for each in names[kind] if each != name and _wider(seen[each], seen[name])]
        return ", ".join(chance.sample(near, min(len(near), chance.randint(0, 3))))

    for number, name in enumerate(names["cases"]):
        year = name[5:9]
        path = f"cases/resolved/{year}/{name}.md"
        picture = f"图{number}.png"
        mark = _Marks(chance)
        title = f"{chance.choice(_SUBJECTS)}{chance.choice(_FAULTS)}{number}{mark('题')}"
        front = {
            "id": name,
            "title": title,
            "status": "已发布" if chance.random() < 0.9 else "已归档",
            "visibility": seen[name],
            "occurred_on": f"{year}-{chance.randint(1, 12):02d}",
            "channel": "[投诉电话]",
            "summary": f"客户订的{chance.choice(_SUBJECTS)}出了错，店里查明{chance.choice(_FAULTS)}，当天补救，{mark('摘')}。",
            "owner": "客服主管",
            "case_kind": "正面典范",
            "severity": chance.choice(["轻微", "较重"]),
            "incomplete": "true",
            "product": f"{chance.choice(_SUBJECTS)}{mark('品')}",
            "cost": str(770_000 + number),
            "lessons": f"[{some('lessons', name)}]",
            "playbooks": f"[{some('playbooks', name)}]",
            "related": f"[{some('cases', name)}]",
            "redirect_from": f"[CASE-2018-{number + 1:04d}]" if chance.random() < 0.3 else "",
        }
        body = f"客户来电说{mark('文')}。<!-- {mark('注')} -->\n\n![现场{mark('图')}]({picture})\n"
        tree.files[path] = _document(front, {"记录": body, "总结": f"要核对{mark('结')}。\n"})
        tree.visibility[path] = seen[name]
        beside = f"cases/resolved/{year}/{picture}"
        tree.files[beside] = _picture(number)
        tree.visibility[beside] = seen[name]
        tree.marks |= dict.fromkeys(mark.made, seen[name])
    for name in names["lessons"]:
        mark = _Marks(chance)
        front = {
            "id": name,
            "title": f"先听完再说话{name[3:]}{mark('题')}",
            "status": "已发布",
            "visibility": seen[name],
            "lesson_kind": "理念",
            "owner": "店长",
            "summary": f"先处理情感，再处理事件，一次说清，{mark('摘')}。",
            "right_practice": f"先听完{mark('对')}",
        }
        path = f"cases/lessons/{name}.md"
        tree.files[path] = _document(
            front, {"由来": f"一件事{mark('文')}。\n", "道理": "都一样。\n", "做法": "先听完。\n"}
        )
        tree.visibility[path] = seen[name]
        tree.marks |= dict.fromkeys(mark.made, seen[name])
    for name in names["playbooks"]:
        mark = _Marks(chance)
        front = {
            "id": name,
            "title": f"处理流程{name[3:]}{mark('题')}",
            "status": "已发布",
            "visibility": seen[name],
            "phase": "中期处理",
            "owner": "客服主管",
            "summary": f"不知道用哪份时从这里开始，先听先安抚再办事{mark('摘')}。",
            "customer_says": f"[怎么还没到{mark('说')}]",
            "steps": "[{stage: 情感, action: 听完再道歉, role: 客服专员, within: 当场}]",
            "approved_by": "公司高层",
        }
        path = f"cases/playbooks/{name}.md"
        tree.files[path] = _document(
            front,
            {"适用情形": f"都可以{mark('文')}。\n", "要领": "先听。\n", "常见误区": "先辩。\n"},
        )
        tree.visibility[path] = seen[name]
        tree.marks |= dict.fromkeys(mark.made, seen[name])
    for name, visibility in (("home", "public"), ("inside", "internal"), ("board", "restricted")):
        mark = _Marks(chance)
        path = "cases/index.md" if name == "home" else f"cases/guide/{name}.md"
        text = (
            f"---\ntitle: 说明{mark('题')}\nvisibility: {visibility}\n---\n# 说明\n\n{mark('文')}\n"
        )
        tree.files[path] = text.encode()
        tree.visibility[path] = visibility
        tree.marks |= dict.fromkeys(mark.made, visibility)
    tree.files |= settings_files()
    return tree


def settings_files() -> Mapping[str, bytes]:
    """`mkdocs.yml` and settings of a base that keeps audiences apart; what a case cost is internal."""
    found = {"mkdocs.yml": MKDOCS.encode(), "site_config/audiences.yml": b"default: public\n"}
    for name in ("schema.yml", "roles.yml", "cues.yml"):
        found[f"site_config/{name}"] = (REPOSITORY / "site_config" / name).read_bytes()
    for path in sorted((REPOSITORY / "site_config" / "taxonomy").glob("*.yml")):
        found[f"site_config/taxonomy/{path.name}"] = path.read_bytes()
    schema = found["site_config/schema.yml"].decode()
    cost = "cost: {label: 处理成本（元）, type: number, "
    assert cost in schema
    found["site_config/schema.yml"] = schema.replace(cost, f"{cost}internal: true, ").encode()
    return found


def without_costs(root: Path) -> None:
    """Take the internal field out of every case, as if nobody had ever filled it in."""
    for path in root.glob("cases/resolved/*/*.md"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("cost:")), "utf-8")


def copy(root: Path, to: Path) -> Path:
    """A copy of a base without what was kept in it."""
    shutil.copytree(root, to, ignore=shutil.ignore_patterns(".kb"))
    return to


def _wider(visibility: str, than: str) -> bool:
    order = ("public", "internal", "restricted")
    return order.index(visibility) <= order.index(than)


class _Marks:
    """Makes marks that no text has, one for each place on a page: a word in Latin letters, then the place."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.made: list[str] = []

    def __call__(self, place: str) -> str:
        # No vowels, so that it is no part of a word of ours; half of it is enough to tell it again.
        word = "xq" + "".join(self._chance.choices("bcdfghjkmnpqrtvwxz", k=8))
        self.made.append(word)
        return f" {word} {place}"


def _document(front: Mapping[str, str], sections: Mapping[str, str]) -> bytes:
    lines = [f"{name}: {value}" for name, value in front.items() if value and value != "[]"]
    body = "\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return ("---\n" + "\n".join(lines) + f"\n---\n\n{body}").encode()


def _picture(number: int) -> bytes:
    """A PNG of one pixel that differs from number to number."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0" + number.to_bytes(3, "big"))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    )
