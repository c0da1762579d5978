"""KB516 picture-metadata."""

from __future__ import annotations

from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Span, quoted
from kb_builder.model.document import Document
from kb_builder.model.pictures import PERSON, PLACE, PictureUse, uses
from kb_builder.rules import Context, On, rule

_HINT = "在手机或电脑上截一次图，用截图替换原图；或用看图软件“另存为”时去掉附加信息"


@rule("KB516", "picture-metadata", on=On.EVERY_FILE)
def picture_metadata(document: Document, context: Context) -> Iterator[Finding]:
    """图片里藏着拍摄地点、作者或号码。

    手机拍的照片会记下经纬度，修图软件会记下作者；看图时看不见，下载下来就能读到。检查 cases/
    里的 PNG、JPEG、WebP 和 GIF 图片：正文里用到的，报告在写着它的地方；没有用到的也会公开，报告在图片上。

    反例:

    ```text
    ![现场](现场.jpg)        照片带着经纬度
    ```

    正例:

    ```text
    ![现场](现场.png)        照片的截图
    ```
    """
    for use in (*uses(document), PictureUse(document.path, document.path, Span(1, 1))):
        for each in context.corpus.pictures.get(use.path, ()):
            if each.kind in (PLACE, PERSON) or context.gate.find(each.text):
                yield Finding(use.span, f"图片{quoted(use.target)}里藏着{each.kind}", _HINT)
