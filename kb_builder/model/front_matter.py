"""The strict reader of a content file: bytes in, nodes with places or faults out.

Nothing else reads front matter. What it can't read is not published. YAML's implicit types are not
used: every scalar is the text the author wrote, and the schema says how to read it, so `no` stays
“no” and `1.10` keeps its zero. Anchors, aliases and tags are refused: no form needs them, and they
are how a small file becomes a large one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from kb_builder.diagnostics import Finding, Span

MAX_BYTES = 1024 * 1024
"""Size limit of a content file, in bytes."""

MAX_DEPTH = 10
"""Nesting limit of front matter; a document needs three levels."""

_LINE_END = re.compile(r"\r\n|\r|\n")
# YAML counts NEL and the Unicode separators as line ends; with them in, its line numbers are not ours.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_FENCE = re.compile(r"---[ \t]*\Z")
_TAB_INDENT = re.compile(r"[ ]*\t")
_FULL_WIDTH_COLON = re.compile(r"\s*(?:- )?\w+：")
_LOADER: type = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: the text after YAML's own quoting and folding is undone."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their nodes, in the order written; a key that is repeated counts once, the first."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return next((node for scalar, node in self.entries if scalar.text == key), None)


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong found while reading; `rule` is the name of the rule that reports it."""

    rule: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Source:
    """A content file as read.

    `root` is None when the front matter can't be read; `faults` then says why. `body_line` is the
    index into `lines` of the first line after the front matter.
    """

    lines: tuple[str, ...]
    root: Mapping | None
    body_line: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Reader:
    """Builds nodes from YAML events without recursion, so that no input can exhaust the stack."""

    first_line: int
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, span: Span, message: str, hint: str = "") -> None:
        self.faults.append(Fault(rule, Finding(span, message, hint)))

    def span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None  # the parsers of PyYAML mark every event
        assert end is not None
        length = end.column - start.column if end.line == start.line else 1
        return Span(start.line + self.first_line, start.column + 1, max(1, length))

    def read(self, text: str) -> Node | None:
        """The root node, or None after a fault that leaves nothing to go on with."""
        # A frame is (start event, nodes so far); a mapping's nodes alternate key and value.
        stack: list[tuple[yaml.Event, list[Node]]] = [(yaml.StreamStartEvent(), [])]
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self.fault(
                    "yaml-reference",
                    self.span(event),
                    "不能使用 YAML 的锚点和引用（& 和 *）",
                    "把内容原样写出来；若是普通文字，请加引号",
                )
                return None
            if getattr(event, "tag", None) not in (None, "!"):
                self.fault(
                    "yaml-reference",
                    self.span(event),
                    "不能使用 YAML 的类型标签（!）",
                    "若是普通文字，请加引号",
                )
                return None
            if isinstance(event, yaml.ScalarEvent):
                stack[-1][1].append(Scalar(event.value, self.span(event)))
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                if len(stack) > MAX_DEPTH:
                    self.fault("too-deep", self.span(event), f"嵌套超过 {MAX_DEPTH} 层")
                    return None
                stack.append((event, []))
            elif isinstance(event, yaml.SequenceEndEvent):
                start, nodes = stack.pop()
                stack[-1][1].append(Sequence(tuple(nodes), self.span(start)))
            elif isinstance(event, yaml.MappingEndEvent):
                start, nodes = stack.pop()
                stack[-1][1].append(self.mapping(start, nodes))
        roots = stack[0][1]
        return roots[0] if roots else None

    def mapping(self, start: yaml.Event, nodes: list[Node]) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.fault("invalid-yaml", key.span, "字段名必须是一个词，不能是列表或映射")
            elif key.text in entries:
                first = entries[key.text][0].span.line
                self.fault(
                    "duplicate-key",
                    key.span,
                    f"“{key.text}”写了两次，第一次在第 {first} 行",
                    "删去其中一个",
                )
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), self.span(start))


def read(data: bytes) -> Source:
    """Read a whole content file; never raises, whatever the bytes."""
    if len(data) > MAX_BYTES:
        return _unreadable(
            (),
            "file-too-large",
            Span(1, 1),
            f"文件有 {len(data) / MAX_BYTES:.1f} MiB，上限是 1 MiB",
            "拆成几篇，或去掉粘贴进来的附件",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        row = before.count("\n")
        span = Span(row + 1, len(before) - (before.rfind("\n") + 1) + 1)
        lines = tuple(data.decode("utf-8", "replace").splitlines())
        return _unreadable(lines, "not-utf8", span, "文件不是 UTF-8 编码", _encoding_hint(data))
    lines = tuple(_LINE_END.split(text.removeprefix("\ufeff")))
    control = list(_control_characters(lines))
    if control:
        return Source(lines, None, len(lines), tuple(control))
    return _read_lines(lines)


def read_yaml(text: str) -> tuple[Node | None, tuple[Fault, ...]]:
    """Read a YAML file of `site_config/` by the same rules; lines count from the top of the file."""
    lines = tuple(_LINE_END.split(text.removeprefix("\ufeff")))
    control = tuple(_control_characters(lines))
    return (None, control) if control else _parse(lines, first_line=1)


def _read_lines(lines: tuple[str, ...]) -> Source:
    if not _FENCE.match(lines[0]):
        return _unreadable(
            lines,
            "no-front-matter",
            Span(1, 1, max(1, len(lines[0]))),
            "文件第一行不是 ---，没有信息头",
            "在最前面加一行 ---，写完字段后再加一行 ---",
        )
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.match(line)), None)
    if end is None:
        return _unreadable(
            lines,
            "unclosed-front-matter",
            Span(1, 1, 3),
            "信息头没有结束的 ---",
            "在最后一个字段的下一行加上 ---",
        )
    node, faults = _parse(lines[1:end], first_line=2)
    root = node
    if not isinstance(root, Mapping):
        if not faults:
            faults = (Fault("invalid-yaml", _explain_shape(root, lines[1:end])),)
        return Source(lines, None, end + 1, faults)
    return Source(lines, root, end + 1, faults)


def _parse(lines: tuple[str, ...], first_line: int) -> tuple[Node | None, tuple[Fault, ...]]:
    reader = _Reader(first_line)
    for row, line in enumerate(lines):
        tab = _TAB_INDENT.match(line)
        if tab:
            reader.fault(
                "tab-indent",
                Span(row + first_line, tab.end()),
                "缩进里有制表符（Tab）",
                "改用空格缩进",
            )
    if reader.faults:
        return None, tuple(reader.faults)
    try:
        node = reader.read("\n".join(lines))
    except yaml.YAMLError as error:
        reader.faults.append(Fault("invalid-yaml", _explain(error, lines, first_line)))
        return None, tuple(reader.faults)
    return node, tuple(reader.faults)


def _unreadable(
    lines: tuple[str, ...], rule: str, span: Span, message: str, hint: str = ""
) -> Source:
    return Source(lines, None, len(lines), (Fault(rule, Finding(span, message, hint)),))


def _control_characters(lines: tuple[str, ...]) -> Iterator[Fault]:
    for row, line in enumerate(lines, 1):
        found = _FORBIDDEN.search(line)
        if found:
            message = f"有看不见的控制字符 U+{ord(found[0]):04X}"
            yield Fault(
                "control-character", Finding(Span(row, found.start() + 1), message, "删去它")
            )


def _encoding_hint(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "看起来是 UTF-16，请另存为 UTF-8"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "请另存为 UTF-8"
    return "看起来是 GBK，请另存为 UTF-8"


# What libyaml says, and what it means to someone who writes a case.
_EXPLANATIONS = (
    ("mapping values are not allowed", "这里多了一个冒号", "值里有“: ”时，整个值要加引号"),
    ("could not find expected ':'", "这一行缺少半角冒号", "写成“字段: 值”，冒号后面空一格"),
    ("found unexpected end of stream", "引号没有闭合", "补上另一半引号"),
    ("did not find expected ',' or ']'", "方括号没有闭合，或列表里缺少逗号", "写成 [甲, 乙]"),
    ("did not find expected ',' or '}'", "花括号没有闭合，或缺少逗号", "写成 {甲: 1, 乙: 2}"),
    (
        "did not find expected key",
        "缩进不对，或引号后面还有文字",
        "同一层的字段要左对齐；整个值放进一对引号",
    ),
    ("did not find expected '-' indicator", "列表的缩进不对", "每一项的“- ”要左对齐"),
    ("did not find expected node content", "这里缺少一个值", ""),
    (
        "block sequence entries are not allowed",
        "列表要另起一行写",
        "在字段名下一行，缩进两格写“- 值”",
    ),
    ("cannot start any token", "值不能用这个字符开头", "给整个值加上引号"),
    ("unknown escape character", "双引号里的反斜杠有特殊含义", "改用单引号，或去掉反斜杠"),
    ("block end", "缩进不对", "同一层的字段要左对齐"),
    ("document start", "信息头里有多余的内容", "一行一个“字段: 值”"),
)


def _explain(error: yaml.YAMLError, lines: tuple[str, ...], first_line: int) -> Finding:
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    row, column = (mark.line, mark.column) if mark else (0, 0)
    # At the end of the text libyaml points behind the last line; the author needs a line that exists.
    if row >= len(lines):
        row, column = max(0, len(lines) - 1), max(0, len(lines[-1]) - 1) if lines else 0
    for nearby in range(row, max(-1, row - 2), -1):
        colon = _full_width_colon(lines[nearby], nearby + first_line)
        if colon:
            return colon
    for key, message, hint in _EXPLANATIONS:
        if key in problem:
            return Finding(Span(row + first_line, column + 1), message, hint)
    return Finding(
        Span(row + first_line, column + 1), f"YAML 写法有误（{problem}）", "检查引号、冒号和缩进"
    )


def _explain_shape(root: Node | None, lines: tuple[str, ...]) -> Finding:
    for row, line in enumerate(lines, 2):
        colon = _full_width_colon(line, row)
        if colon:
            return colon
    place = root.span if root else Span(1, 1, 3)
    return Finding(place, "信息头里应当是“字段: 值”，一行一个", "例如 title: 预付座椅套漏下单")


def _full_width_colon(line: str, row: int) -> Finding | None:
    colon = _FULL_WIDTH_COLON.match(line)
    if not colon:
        return None
    return Finding(Span(row, colon.end()), "字段名后面用了全角冒号“：”", "改为半角冒号加空格“: ”")
