"""The only reader of a base: what it reads, what it leaves, how it says that settings are wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb_builder import loader
from kb_builder.diagnostics import KbError
from kb_builder.loader import Base
from kb_builder.model.schema import FieldType

DOCUMENTS = [
    "cases/lessons/LS-001.md",
    "cases/lessons/LS-002.md",
    "cases/lessons/LS-003.md",
    "cases/playbooks/PB-001.md",
    "cases/playbooks/PB-002.md",
    "cases/resolved/0000/CASE-0000-0001.md",
    "cases/resolved/2022/CASE-2022-0001.md",
    "cases/resolved/2023/CASE-2023-0001.md",
    "cases/resolved/2023/CASE-2023-0002.md",
    "cases/resolved/2024/CASE-2024-0001.md",
    "cases/resolved/2024/CASE-2024-0002.md",
]


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def test_a_base_is_read_in_the_order_of_paths(base: Base, root: Path) -> None:
    assert [each.path for each in base.corpus.documents] == DOCUMENTS
    assert base.corpus.pages == {"cases/index.md", "cases/guide/writing.md"}
    assert base.state == root / ".kb"
    assert all(each.readable and not each.faults for each in base.corpus.documents)


def test_documents_and_pages_are_told_apart(root: Path) -> None:
    for path in ("index.md", "guide/a/b.md", "lessons/index.md", "guides.md", "x/guide/y.md"):
        write(root, f"cases/{path}", "")
    for path in (".hidden/x.md", "lessons/.x.md", "x.txt", "x.md~", "x.MD"):
        write(root, f"cases/{path}", "")
    found = set(loader.document_paths(root)) - set(DOCUMENTS)
    assert found == {"cases/lessons/index.md", "cases/guides.md", "cases/x/guide/y.md"}
    assert list(loader.page_paths(root)) == [
        "cases/guide/a/b.md",
        "cases/guide/writing.md",
        "cases/index.md",
    ]


def test_nothing_is_read_through_a_symbolic_link(root: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside/LS-009.md", "---\nid: LS-009\n---\n")
    (root / "cases/lessons/LS-009.md").symlink_to(tmp_path / "outside/LS-009.md")
    (root / "cases/more").symlink_to(tmp_path / "outside")
    corpus = loader.load(root).corpus
    found = [each for each in corpus.documents if each.path not in DOCUMENTS]
    assert [each.path for each in found] == ["cases/lessons/LS-009.md"]
    assert not found[0].readable
    assert found[0].lines == ("",)
    assert [fault.rule for fault in found[0].faults] == ["unsafe-file"]


def test_the_same_files_give_the_same_corpus(root: Path) -> None:
    assert loader.load(root) == loader.load(root)


def test_settings_are_read(base: Base) -> None:
    settings = base.settings
    assert list(settings.schema.kinds) == ["case", "playbook", "lesson"]
    case = settings.schema.kinds["case"]
    assert case.fields["severity"].vocabulary is settings.vocabularies["severity"]
    assert case.fields["owner"].vocabulary is settings.roles
    assert case.fields["owner"].type is FieldType.ROLE
    timeline = case.fields["timeline"].fields
    assert timeline is not None
    assert list(timeline) == ["when", "what", "by"]
    sources = case.fields["sources"].fields
    assert sources is not None
    assert "quote" in sources
    assert [spec.name for spec in case.facets()][0] == "channel"  # noqa: RUF015


def test_the_digest_of_settings_changes_with_any_file(root: Path) -> None:
    before = loader.load_settings(root).digest
    assert loader.load_settings(root).digest == before
    write(root, "site_config/anything.txt", "x")
    changed = loader.load_settings(root).digest
    assert changed != before
    (root / "site_config/anything.txt").rename(root / "site_config/otherwise.txt")
    assert loader.load_settings(root).digest != changed


def test_optional_settings_may_be_missing(root: Path) -> None:
    for name in (
        "statistics.yml",
        "counterpoints.yml",
        "glossary.yml",
        "synonyms.txt",
        "dictionary.txt",
    ):
        (root / "site_config" / name).unlink(missing_ok=True)
    settings = loader.load_settings(root)
    assert settings.statistics == {}
    assert (
        settings.counterpoints
        == settings.glossary
        == settings.synonyms
        == settings.dictionary
        == ()
    )


def test_optional_settings_are_read(root: Path) -> None:
    write(root, "site_config/synonyms.txt", "\ufeff# 注释\n座椅套 座套\n\n退款 退钱 # 注释\n")
    write(root, "site_config/dictionary.txt", "投诉信息卡\n")
    write(
        root,
        "site_config/statistics.yml",
        "half:\n  label: 一半\n  value: 50\n  verified: true\n  parts: [{label: 甲, value: 20}]\n",
    )
    write(
        root,
        "site_config/counterpoints.yml",
        "- id: C1\n  question: 快还是好\n  sides: [{claim: 快, source: 甲}]\n  pages: [PB-001]\n",
    )
    write(
        root,
        "site_config/glossary.yml",
        "- term: 首问负责\n  definition: 谁先接到谁负责\n  see: [PB-001]\n",
    )
    settings = loader.load_settings(root)
    assert settings.synonyms == (("座椅套", "座套"), ("退款", "退钱"))
    assert settings.dictionary == ("投诉信息卡",)
    assert settings.statistics["half"].parts == (("甲", "20"),)
    assert settings.statistics["half"].verified
    assert settings.counterpoints[0].pages == ("PB-001",)
    assert settings.glossary[0].term == "首问负责"


SCHEMA = "version: 1\nkinds:\n  case:\n    id: CASE-{year}-{number:4}\n    folder: resolved\n    address: c\n    fields:\n"


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("roles.yml", "values: [", "roles.yml:1:"),
        ("roles.yml", "values: &a {x: {label: x}}", "roles.yml:1:"),
        ("roles.yml", "label: x", "roles.yml: 没有任何值"),
        ("roles.yml", "", "roles.yml: 没有任何值"),
        ("roles.yml", "- x", "roles.yml:1:1:"),
        ("roles.yml", "values: {x: {lable: 店长}}", "roles.yml:1:14: 不认识“lable”"),
        ("roles.yml", "values: {x: {label: [店长]}}", "roles.yml:1:21:"),
        ("roles.yml", "values: {x: {label: 店长, deputy: y}}", "deputy“y”"),
        ("taxonomy/complaint_subtype.yml", "parent: complaint_type\nvalues: {x: {label: 甲}}", "parent"),
        ("taxonomy/complaint_subtype.yml", "parent: nowhere\nvalues: {x: {label: 甲}}", "nowhere"),
        ("taxonomy/severity.yml", None, "severity"),
        ("roles.yml", None, "缺少 site_config/roles.yml"),
        ("schema.yml", None, "缺少 site_config/schema.yml"),
        ("schema.yml", "version: 2", "version: 1"),
        ("schema.yml", "version: 1\nkinds: {case: {id: CASE}}", "序号"),
        ("schema.yml", SCHEMA + "      x: {type: nothing}", "schema.yml:8:10:"),
        ("schema.yml", SCHEMA + "      x: {type: text, needed: maybe}", "schema.yml:8:10:"),
        ("schema.yml", SCHEMA + "      x: {type: text, many: perhaps}", "true 或 false"),
        ("schema.yml", SCHEMA + "      x: {type: text, max: viele}", "应当是整数"),
        ("schema.yml", SCHEMA + "      x: {type: text, max: " + "9" * 5000 + "}", "应当是整数"),
        ("schema.yml", SCHEMA + "      x: {type: vocabulary}", "taxonomy/x.yml"),
        ("schema.yml", SCHEMA + "      x: {type: group}", "没有写 fields"),
        ("schema.yml", SCHEMA + "      x: {type: reference, kind: nothing}", "kind 应当是 case"),
        (
            "schema.yml",
            "groups: {g: {x: {type: group, fields: g}}}\n" + SCHEMA + "      x: {type: group, fields: g}",
            "没有写 fields",
        ),
        ("statistics.yml", "x: y", "statistics.yml:1:4:"),
        ("counterpoints.yml", "- {id: C1, sites: []}", "不认识“sites”"),
        ("glossary.yml", "- term: [x]", "glossary.yml:1:9:"),
    ],
)  # fmt: skip
def test_broken_settings_are_said_to_be_so(
    root: Path, path: str, text: str | None, place: str
) -> None:
    if text is None:
        (root / "site_config" / path).unlink()
    else:
        write(root, f"site_config/{path}", text)
    with pytest.raises(KbError) as caught:
        loader.load_settings(root)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["schema.yml", "roles.yml", "synonyms.txt", "taxonomy/cause.yml"])
def test_settings_that_are_no_text_are_said_to_be_so(root: Path, path: str) -> None:
    file = root / "site_config" / path
    file.write_bytes("中文".encode("gbk"))
    with pytest.raises(KbError, match="不是 UTF-8 编码"):
        loader.load_settings(root)
    file.unlink()
    file.mkdir()
    with pytest.raises(KbError, match="读不了"):
        loader.load_settings(root)


def test_a_name_of_settings_may_be_no_utf8(root: Path) -> None:
    with open(os.fsencode(root / "site_config") + b"/\xff.txt", "wb"):  # noqa: PTH123
        assert loader.load_settings(root).digest


def test_what_is_no_base_is_said_to_be_none(tmp_path: Path, root: Path) -> None:
    with pytest.raises(KbError, match="这里不是知识库"):
        loader.load(tmp_path)
    (root / "cases").rename(root / "elsewhere")
    with pytest.raises(KbError, match="cases/ 文件夹"):
        loader.load(root)


def test_a_template_is_what_the_owner_wrote(root: Path) -> None:
    kind = loader.load_settings(root).schema.kinds["lesson"]
    write(root, "site_config/templates/lesson.md", "## 由来\n提示\n")
    assert loader.load_template(root, kind) == ("## 由来", "提示")
    (root / "site_config/templates/lesson.md").unlink()
    assert loader.load_template(root, kind) == ()
