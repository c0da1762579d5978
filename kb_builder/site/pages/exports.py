"""订阅和导出: every feed and every file for other programs, and what stands in them."""

from __future__ import annotations

from kb_builder.model.schema import FieldSpec, FieldType
from kb_builder.site import exports, feeds, templates
from kb_builder.site.catalogue import Catalogue
from kb_builder.site.feeds import Feeds
from kb_builder.site.markdown import Heading
from kb_builder.site.pages import SitePage

_JSON = {
    FieldType.NUMBER: "整数",
    FieldType.BOOLEAN: "true 或 false",
    FieldType.DATE: "日期",
    FieldType.MOMENT: "日期或时刻",
    FieldType.VOCABULARY: "词表里的编号",
    FieldType.ROLE: "岗位的编号",
    FieldType.REFERENCE: "页面的编号",
    FieldType.GROUP: "对象",
}
_TOC = (
    Heading("feeds", "订阅"),
    Heading("files", "导出的文件"),
    Heading("cases", "案例里有什么"),
    Heading("pages", "页面清单里有什么"),
    Heading("versions", "版本"),
)


def page(catalogue: Catalogue, found: Feeds) -> SitePage:
    """`/exports/`."""
    return SitePage(
        address=exports.FOLDER,
        title="订阅和导出",
        description="用订阅软件跟进新内容，用表格软件或别的程序读取案例和页面清单。",
        content=templates.render(
            "exports.html",
            feeds=found.all,
            undated=found.undated,
            limit=feeds.LIMIT,
            atom=feeds.ATOM,
            json=feeds.JSON,
            site_url=catalogue.site_url,
            files=exports,
            specs=exports.exported(catalogue),
            columns={spec.name for spec in exports.columns(catalogue)},
            about=_about,
            shape=_shape,
            members=exports.pages_schema(catalogue)["properties"]["pages"]["items"]["properties"],
        ),
        section="",
        toc=_TOC,
    )


def _about(spec: FieldSpec) -> str:
    """What stands in a field, beside its name."""
    sentences = [spec.help] if spec.help else []
    if spec.none_id:
        sentences.append(f"{spec.none_id} 是“{spec.none_label}”")
    return "".join(f"{sentence}。" for sentence in sentences)


def _shape(spec: FieldSpec) -> str:
    """What a field is in JSON, in words."""
    one = _JSON.get(spec.type, "文字")
    return f"{one}的列表" if spec.many else one
