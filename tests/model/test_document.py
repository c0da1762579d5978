"""A content file as the program sees it, valid or not."""

from __future__ import annotations

from pathlib import Path

from kb_builder.diagnostics import Span
from kb_builder.model import document
from kb_builder.model.dates import PartialDate
from kb_builder.model.document import Document
from kb_builder.model.settings import Settings

CORPUS = Path(__file__).parents[1] / "corpus"
PATH = "cases/resolved/2024/CASE-2024-0001.md"


def build(settings: Settings, text: str, path: str = PATH) -> Document:
    return document.build(path, text.encode(), settings.schema)


def case(settings: Settings) -> Document:
    return build(settings, (CORPUS / PATH).read_text("utf-8"))


def test_a_valid_document_is_read(settings: Settings) -> None:
    found = case(settings)
    assert found.faults == ()
    assert found.kind is settings.schema.kinds["case"]
    assert (found.id, found.name, found.status) == ("CASE-2024-0001", "CASE-2024-0001", "published")
    assert found.published
    assert found.readable
    assert found.year == "2024"
    # Labels and aliases become ids.
    assert found.texts("channel") == ("phone", "onsite")
    assert found.text("severity") == "serious"
    assert found.flag("authority_gap")
    assert not found.flag("incomplete")
    assert isinstance(found.date("received_on"), PartialDate)
    assert found.date("occurred_on") == found.items("occurred_on")[0].value
    assert [group.text("when") for group in found.groups("timeline")] == [
        "3月4日",
        "3月5日",
        "3月11日",
    ]
    assert found.groups("timeline")[0].texts("by") == ("operator",)
    assert [section.title for section in found.sections] == list(found.required_sections)
    assert found.body.startswith("\n## 记录")
    assert next(link.target for link in found.links) == "../../playbooks/PB-001.md"


def test_places(settings: Settings) -> None:
    found = build(settings, "---\nid: CASE-2024-0001\nchannel: [甲]\n---\n")
    assert found.place("id") == Span(2, 5, 14)
    # An item that could not be read leaves the place of the field's name.
    assert found.place("channel") == Span(3, 1, 7)
    assert found.place("title") == Span(1, 1, 3)


def test_what_is_missing_is_asked_for_where_it_can_be_written(settings: Settings) -> None:
    found = build(settings, "---\nid: CASE-2024-0001\n---\n")
    missing = list(found.findings("missing-field"))
    assert {finding.span for finding in missing} == {Span(3, 1, 3)}
    assert [finding.message for finding in missing] == [
        "草稿也必须填写“标题”（title）",
        "草稿也必须填写“状态”（status）",
        "草稿也必须填写“发生时间”（occurred_on）",
        "草稿也必须填写“投诉渠道”（channel）",
    ]
    assert found.status == "draft"
    assert found.title == "CASE-2024-0001"


def test_short_cases_need_less(settings: Settings) -> None:
    text = (CORPUS / PATH).read_text("utf-8").replace("product: 烤箱\n", "")
    assert "product" in str(build(settings, text).faults)
    for change in ("case_kind: 正面典范", "case_kind: 先失后得\nincomplete: true"):
        found = build(settings, text.replace("case_kind: 先失后得", change))
        assert found.short
        assert found.faults == ()
        assert found.required_sections == ("记录", "总结")


def test_the_name_tells_the_kind_before_the_folder_does(settings: Settings) -> None:
    kinds = settings.schema.kinds
    assert build(settings, "", "cases/resolved/2024/PB-001.md").kind is kinds["playbook"]
    assert build(settings, "", "cases/playbooks/x.md").kind is kinds["playbook"]
    assert build(settings, "", "cases/x.md").kind is None


def test_an_unreadable_file_is_a_document_with_faults(settings: Settings) -> None:
    found = build(settings, "没有信息头")
    assert not found.readable
    assert [fault.rule for fault in found.faults] == ["no-front-matter"]
    assert found.id == "CASE-2024-0001"
    assert (found.fields, found.sections, found.year) == ({}, (), "")


def test_every_field_includes_those_of_groups(settings: Settings) -> None:
    uses = case(settings).every_field
    names = [use.spec.name for use in uses]
    assert {"id", "timeline", "when", "by", "due"} <= set(names)
    by = next(use for use in uses if use.spec.name == "by")
    assert set(by.beside) == {"when", "what", "by"}


def test_misnamed_sections(settings: Settings) -> None:
    text = (
        (CORPUS / PATH)
        .read_text("utf-8")
        .replace("## 反馈", "## 回馈")
        .replace("## 总结", "## 其他")
    )
    assert case(settings).misnamed_sections == {}
    assert build(settings, text).misnamed_sections == {"回馈": "反馈"}


def test_the_digest_is_that_of_the_bytes(settings: Settings) -> None:
    assert case(settings).digest == case(settings).digest
    assert build(settings, "a").digest != build(settings, "b").digest
