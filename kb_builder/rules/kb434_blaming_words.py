"""KB434 blaming-words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.diagnostics import Finding, Level, quoted
from kb_builder.model.document import Document
from kb_builder.model.people import looks_like_name
from kb_builder.rules import Context, in_prose, rule

_KINDS = {"case", "lesson"}
_TELLING_OTHERS = {"title", "quote", "author", "wrong_practice", "aliases", "url"}
"""Fields that repeat what others said or did wrong, and search words."""

_QUOTED = re.compile("“[^”]*”|「[^」]*」")
_STAFF = "员工|店员|店长|收银员|服务员|技师|师傅|同事|当事人|责任人|经办人"
"""Whose fine is meant: most fines are those of an authority, or what a customer was made to pay."""

_PUNISHED = re.compile(
    rf"处分|开除|辞退|记过|(?:{_STAFF})[^，。；！？]{{0,10}}罚款|罚款[^，。；！？]{{0,6}}(?:{_STAFF})|通报批评|扣(?:发|掉|了)?(?:当月|全部)?(?:奖金|工资|绩效)|追究[^，。；]{{0,10}}责任"
)
_NAMED = re.compile("(?:责任人|当事人|肇事者)(?:员工|店员)?(?:是|为|：|:)?(?P<name>[一-鿿]{2,3})")
_AUTHORITY = re.compile("监管|工商|市监|法院|政府|消协|行政|执法|部门处以|判决|违约")


@rule("KB434", "blaming-words", level=Level.WARNING)
def blaming_words(document: Document, _context: Context) -> Iterator[Finding]:
    """案例或教训在追究人。

    一旦案例成了处罚的依据，就不会再有人写真话。奖惩归人事制度管，这里写岗位、写流程，写哪一步没拦住。客户或资料的原话放
    在引号里，“错误做法”里写的是反面，都不算；监管部门和法院的处罚也不算。

    反例:

    ```markdown
    店里查明是收银员的错，给予处分，并扣发当月奖金。
    ```

    正例:

    ```markdown
    店里查明，收款和验货之间没有核对这一步，当天补上了。
    ```
    """
    if document.kind is None or document.kind.name not in _KINDS:
        return
    for pattern in (_PUNISHED, _NAMED):
        for passage, match, span in in_prose(document, pattern):
            said = (each.span() for each in _QUOTED.finditer(passage.text))
            if passage.field in _TELLING_OTHERS or any(
                begin <= match.start() < end for begin, end in said
            ):
                continue
            if pattern is _NAMED and not looks_like_name(match["name"]):
                continue
            # Who fined the company is a fact of the case.
            if pattern is _PUNISHED and _AUTHORITY.search(passage.text):
                continue
            message = f"{quoted(match[0])}在追究人，不是在改流程"
            yield Finding(span, message, "写哪一步没拦住、怎样补上；原话放进“”")
