"""Each rule against its page, its golden file and the code that reports its fault.

A page shows a wrong and a right example, a golden file `rules/kb203.md` any number of scenarios:
fenced blocks that change a small valid base, and the exact report it then must get.

    ```yaml                      fields that replace or join those of a valid document
    ```markdown                  its body; without `## ` headings, one more paragraph
    ```markdown title="PATH"     a whole file
    ```yaml title="site_config/" a whole file of the settings, in place of this repository's
    ```python title="PATH"       a whole file, as an expression whose value is its bytes
    ```symlink title="PATH"      a symbolic link to the path in the block
    ```text                      for readers only
    ```report                    the report; KB_UPDATE=1 rewrites it
"""

from __future__ import annotations

import ast
import datetime
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from places import REPOSITORY

import kb_builder
from kb_builder import loader, reporters, rules
from kb_builder.diagnostics import Diagnostic
from kb_builder.model import document as document_model
from kb_builder.model.corpus import Corpus
from kb_builder.model.settings import Settings
from kb_builder.rules import Rule

GOLDEN = Path(__file__).parent / "rules"
TODAY = datetime.date(2024, 6, 30)
CLEAN = "（没有问题）"

CASE = """---
id: CASE-2024-0001
title: 预付座椅套漏下单
status: 已发布
occurred_on: 2024
channel: [投诉电话]
summary: 客户预付座椅套两周，到店才知没有订货；店长当晚登门安装，客户由怒转喜。
owner: 店长
case_kind: 正面典范
product: 座椅套
complaint_type: [服务]
cause: [工作失误]
appeal: 两者兼有
severity: 较重
remedy: [道歉]
outcome: 已解决
---

## 记录

客户预付两周，店里没有订货。

## 受理

店长接待并登记。

## 分析

订单没有录入系统。

## 处理

当晚登门安装。

## 反馈

客户表示满意。

## 总结

录单必须有人核对。
"""
PLAYBOOK = """---
id: PB-001
title: 投诉处理总流程
status: 已发布
phase: 中期处理
owner: 客服主管
summary: 不知道用哪份预案时从这里开始，先听先安抚，再办事。
steps: [{stage: 情感, action: 听完再道歉, role: 客服专员, within: 当场}]
approved_by: 公司高层
---

## 适用情形

所有投诉。

## 要领

先处理情感。

## 常见误区

先定责任再道歉。
"""
LESSON = """---
id: LS-001
title: 录单必须有人核对
status: 已发布
lesson_kind: 理念
owner: 客服主管
summary: 没有核对的环节一定会出错。
right_practice: 录单后由另一人核对
---

## 由来

订单漏录，客户等了两周。

## 道理

没有核对的环节一定会出错。

## 做法

录单后由另一人核对。
"""
BASE = {
    "cases/index.md": "# 首页\n",
    "cases/resolved/2024/CASE-2024-0001.md": CASE,
    "cases/resolved/2024/CASE-2024-0002.md": CASE.replace("2024-0001", "2024-0002")
    .replace("title: 预付座椅套漏下单", "title: 座椅套装错颜色")
    .replace("outcome: 已解决", "outcome: 已解决\nplaybooks: [PB-001]"),
    "cases/playbooks/PB-001.md": PLAYBOOK,
    "cases/lessons/LS-001.md": LESSON,
    "cases/lessons/LS-002.md": LESSON.replace("LS-001", "LS-002").replace("已发布", "草稿"),
}
SUBJECTS = {
    "case": "cases/resolved/2024/CASE-2024-0001.md",
    "playbook": "cases/playbooks/PB-001.md",
    "lesson": "cases/lessons/LS-001.md",
}

_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<type>\w+)(?: title=\"(?P<title>[^\"]*)\")?\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r"^## .*$", re.MULTILINE)

RULES = rules.all_rules()


@dataclass(frozen=True)
class Block:
    """A fenced block of a page or a golden file."""

    type: str
    title: str
    text: str


def blocks(markdown: str) -> list[Block]:
    return [
        Block(match["type"], match["title"] or "", match["text"])
        for match in _BLOCK.finditer(markdown)
    ]


def diagnose(changes: list[Block], folder: Path, settings: Settings) -> list[Diagnostic]:
    """What the rules find in the valid base after these changes."""
    for path, text in BASE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    if any(block.title.startswith("site_config/") for block in changes):
        shutil.copytree(REPOSITORY / "site_config", folder / "site_config")
    for block in changes:
        apply(block, folder, settings)
    if (folder / "site_config").is_dir():
        settings = loader.load_settings(folder)
    return rules.check(loader.load_corpus(folder, settings.schema), settings, TODAY)


def apply(block: Block, folder: Path, settings: Settings) -> None:
    path = folder / (block.title or subject(block, settings))
    path.parent.mkdir(parents=True, exist_ok=True)
    match block.type:
        case "yaml" if block.title.startswith("site_config/"):
            path.write_text(block.text, encoding="utf-8")
        case "yaml":
            path.write_text(with_fields(path.read_text("utf-8"), block.text), encoding="utf-8")
        case "markdown" if block.title:
            path.write_text(block.text, encoding="utf-8")
        case "markdown" if "## " in block.text:
            front = path.read_text("utf-8").split("---\n\n")[0]
            path.write_text(f"{front}---\n\n{block.text}", encoding="utf-8")
        case "markdown":
            path.write_text(f"{path.read_text('utf-8')}\n{block.text}", encoding="utf-8")
        case "python":
            path.write_bytes(eval(block.text.strip()))
        case "symlink":
            path.symlink_to(block.text.strip())
        case _:
            raise AssertionError(f"unknown block type {block.type}")


def subject(block: Block, settings: Settings) -> str:
    """The document a block without a path changes: of the kind that has such fields or sections."""
    if block.type == "markdown":
        titles = set(re.findall(r"^## (.+)$", block.text, re.MULTILINE))
        kinds = settings.schema.kinds.values()
        best = max(kinds, key=lambda kind: len(titles & set(kind.sections)))
        return SUBJECTS[best.name]
    names = field_names(block.text)
    fitting = (kind.name for kind in settings.schema.kinds.values() if names <= set(kind.fields))
    return SUBJECTS[next(fitting, "case")]


def field_names(text: str) -> set[str]:
    return set(re.findall(r"^([\w-]+)\s*[:：]", text, re.MULTILINE))


def with_fields(document: str, fields: str) -> str:
    """The document with these lines at the end of its front matter, in place of its own."""
    front, body = document.removeprefix("---\n").split("---\n", 1)
    names = field_names(fields)
    kept = [line for line in front.splitlines() if line.partition(":")[0] not in names]
    return "\n".join(["---", *kept, fields.rstrip("\n"), "---", body])


def report(found: list[Diagnostic]) -> str:
    return reporters.full(found) or CLEAN


def test_the_base_of_all_scenarios_is_valid(tmp_path: Path, settings: Settings) -> None:
    assert report(diagnose([], tmp_path, settings)) == CLEAN


def scenarios() -> Iterator[object]:
    for path in sorted(GOLDEN.glob("*.md")):
        for scenario in split(path.read_text("utf-8")):
            title = scenario.partition("\n")[0].removeprefix("## ")
            yield pytest.param(path, scenario, id=f"{path.stem}-{title}")


def split(text: str) -> list[str]:
    """The scenarios of a golden file; headings inside fenced blocks begin none."""
    fenced = [match.span() for match in _BLOCK.finditer(text)]
    starts = [
        match.start()
        for match in _TITLE.finditer(text)
        if not any(begin < match.start() < end for begin, end in fenced)
    ]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(("path", "scenario"), list(scenarios()))
def test_golden_report(path: Path, scenario: str, tmp_path: Path, settings: Settings) -> None:
    changes = [block for block in blocks(scenario) if block.type not in ("report", "text")]
    actual = report(diagnose(changes, tmp_path, settings))
    expected = [block.text for block in blocks(scenario) if block.type == "report"]
    if os.environ.get("KB_UPDATE"):
        old = "".join(f"```report\n{text}```" for text in expected[:1])
        new = f"```report\n{actual}\n```"
        updated = scenario.replace(old, new) if old else f"{scenario.rstrip()}\n\n{new}\n"
        if not old and not path.read_text("utf-8").endswith(scenario):
            updated += "\n"
        path.write_text(path.read_text("utf-8").replace(scenario, updated), encoding="utf-8")
        return
    assert len(expected) == 1, "KB_UPDATE=1 pytest writes the report"
    assert f"{actual}\n" == expected[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_golden_file_in_which_it_is_reported(rule: Rule) -> None:
    text = (GOLDEN / f"{rule.id.lower()}.md").read_text("utf-8")
    assert text.startswith(f"# {rule.id} {rule.name}\n")
    reports = [block.text for block in blocks(text) if block.type == "report"]
    assert any(f": {rule.id} " in each for each in reports)


def test_a_golden_file_has_a_rule() -> None:
    assert {path.stem.upper() for path in GOLDEN.glob("*.md")} == {rule.id for rule in RULES}


def test_ids_and_names_are_unique_and_well_formed() -> None:
    assert len({rule.id for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"KB\d{3}", rule.id)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
        assert rule.id[:3] in rules.GROUPS


def test_a_rule_is_in_the_file_of_its_name() -> None:
    folder = Path(rules.__file__).parent
    names = {f"{rule.id}-{rule.name}".lower().replace("-", "_") for rule in RULES}
    assert {path.stem for path in folder.glob("kb*.py")} == names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_says_what_and_why_and_shows_both_examples(rule: Rule) -> None:
    title, blank, why, *_ = rule.page.split("\n")
    assert title.endswith("。")
    assert not blank
    assert len(why) > 20
    wrong, right = rule.page.split("反例", 1)[1].split("正例", 1)
    assert len(blocks(wrong)) == len(blocks(right)) == 1


NOT_RUN = {"KB005", "KB013", "KB702", "KB006", "KB007", "KB010", "KB012", "KB421", "KB516", "KB438"}
"""Rules whose wrong examples can't be written as one document on a page; their golden files hold them."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_examples_of_a_page(rule: Rule, tmp_path: Path, settings: Settings) -> None:
    wrong, right = blocks(rule.page)
    assert (wrong.type == "text") == (rule.id in NOT_RUN)
    if wrong.type != "text":
        found = diagnose([wrong], tmp_path / "wrong", settings)
        assert rule.id in {each.rule for each in found}
    if right.type != "text":
        found = diagnose([right], tmp_path / "right", settings)
        assert rule.id not in {each.rule for each in found}, report(found)


def test_every_fault_of_the_readers_has_its_rule() -> None:
    package = Path(kb_builder.__file__).parent
    names: set[str] = set()
    for path in [*(package / "model").glob("*.py"), *(package / "loader").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in _MAKERS:
                names |= {
                    arg.value
                    for each in node.args
                    for arg in ast.walk(each)
                    if isinstance(arg, ast.Constant)
                    and isinstance(arg.value, str)
                    and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", arg.value)
                }
    reporting = {rule.name for rule in RULES if rule.on is rules.On.FAULTS}
    # `several-owners` is chosen before the call that makes the fault.
    assert names | {"several-owners"} == reporting


_MAKERS = {"Fault", "_fault", "fault", "_unreadable"}


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


@pytest.mark.parametrize("text", ["KB203", "kb203", "unknown-value", "UNKNOWN-VALUE"])
def test_a_rule_is_found_by_id_and_name(text: str) -> None:
    found = rules.find(text)
    assert found is not None
    assert found.id == "KB203"


def test_an_unknown_rule_is_not_found() -> None:
    assert rules.find("KB999") is None


def test_paragraphs_of_a_page_are_joined_and_code_is_not() -> None:
    page = next(rule.page for rule in RULES if rule.id == "KB001")
    assert "不发布。第一行" in page
    assert "status: 草稿\nphase" in page


def test_a_hint_names_no_id_of_any_length(settings: Settings) -> None:
    text = f"---\nid: {'x' * 600}\nlessons: [LS-001]\ncontrast_with: CASE-2024-0001\n---\n"
    document = document_model.build("cases/resolved/2024/a.md", text.encode(), settings.schema)
    found = rules.check(Corpus((document,)), settings, TODAY)
    assert [each for each in found if each.rule == "KB305"]
    assert all(len(each.hint) < 400 for each in found)
