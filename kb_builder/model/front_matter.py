"""The strict reader of a content file: bytes in, nodes with places or faults out.

Nothing else reads front matter. What it can't read is not published. YAML's implicit types are not
used: every scalar is the text the author wrote, and the schema says how to read it, so `no` stays
“no” and `1.10` keeps its zero. Anchors, aliases and tags are refused: no form needs them, and they
are how a small file becomes a large one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

from kb_builder.diagnostics import Finding, Span, quoted

MAX_BYTES = 256 * 1024
"""Size limit of a content file, in bytes; the longest case of this repository has a twentieth of it."""

MAX_FRONT_MATTER = 16 * 1024
"""Size limit of front matter, in characters; a playbook with twenty steps fills a quarter of it."""

MAX_LINE = 10_000
"""Length limit of a line, in characters; a paragraph of one line has a few hundred."""

MAX_DEPTH = 10
"""Nesting limit of front matter; a document needs three levels."""

# YAML counts NEL and the Unicode separators as line ends; with them in, its line numbers are not ours.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_FENCE = re.compile(r"---[ \t]*\Z")
_TAB_INDENT = re.compile(r"[ ]*\t")
_INDENTED_FIELD = re.compile(r" +\w+:(?: |\Z)")
_NO_SPACE = re.compile(r"(\w{1,30}):(\S.*)")
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

    def span(self, event: yaml.Event, last: yaml.Event | None = None) -> Span:
        start, end = event.start_mark, (last or event).end_mark
        assert start is not None  # the parsers of PyYAML mark every event
        assert end is not None
        length = end.column - start.column if end.line == start.line else 1
        return Span(start.line + self.first_line, start.column + 1, length or 1)

    def read(self, text: str) -> Node | None:
        """The root node, or None after a fault that leaves nothing to go on with."""
        # A frame is (place, nodes outside); a mapping's nodes alternate key and value.
        stack: list[tuple[yaml.Event, list[Node]]] = []
        nodes: list[Node] = []
        # The events in the order of their frequency: this loop is most of what `kb check` does.
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                if event.anchor or (event.tag and event.tag != "!"):
                    self.reference(event)
                    return None
                # An escape such as "\e" brings in what the text itself must not contain.
                if event.style == '"' and (found := _FORBIDDEN.search(event.value)):
                    message = f"转义写出了看不见的控制字符 U+{ord(found[0]):04X}"
                    self.fault("control-character", self.span(event), message, "删去这个转义")
                nodes.append(Scalar(event.value, self.span(event)))
            elif isinstance(event, yaml.SequenceEndEvent):
                start, outer = stack.pop()
                outer.append(Sequence(tuple(nodes), self.span(start, event)))
                nodes = outer
            elif isinstance(event, yaml.MappingEndEvent):
                start, outer = stack.pop()
                outer.append(self.mapping(self.span(start, event), nodes))
                nodes = outer
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                if event.anchor or (event.tag and event.tag != "!"):
                    self.reference(event)
                    return None
                if len(stack) == MAX_DEPTH:
                    self.fault(
                        "too-deep", self.span(event), f"嵌套超过 {MAX_DEPTH} 层", "检查括号和缩进"
                    )
                    return None
                stack.append((event, nodes))
                nodes = []
            elif isinstance(event, yaml.AliasEvent):
                self.reference(event)
                return None
        return nodes[0] if nodes else None

    def reference(self, event: yaml.NodeEvent) -> None:
        if event.anchor:
            message = "不能使用 YAML 的锚点和引用（& 和 *）"
            hint = "把内容原样写出来；若是普通文字，请加引号"
        else:
            message, hint = "不能使用 YAML 的类型标签（!）", "若是普通文字，请加引号"
        self.fault("yaml-reference", self.span(event), message, hint)

    def mapping(self, span: Span, nodes: list[Node]) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.fault("invalid-yaml", key.span, "字段名必须是一个词，不能是列表或映射")
            elif key.text in entries:
                first = entries[key.text][0].span.line
                self.fault(
                    "duplicate-key",
                    key.span,
                    f"{quoted(key.text)}写了两次，第一次在第 {first} 行",
                    "删去其中一个",
                )
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), span)


def read(data: bytes) -> Source:
    """Read a whole content file; never raises, whatever the bytes."""
    if len(data) > MAX_BYTES:
        return _unreadable(
            (),
            "file-too-large",
            Span(1, 1),
            f"文件超过 {MAX_BYTES // 1024} KiB",
            "拆成几篇，或去掉粘贴进来的附件",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        above = _lines(before)
        span = Span(len(above), len(above[-1]) + 1)
        lines = _lines(data.decode("utf-8", "replace"))
        return _unreadable(lines, "not-utf8", span, "文件不是 UTF-8 编码", _encoding_hint(data))
    lines = _lines(text.removeprefix("\ufeff"))
    # One search of the whole text costs far less than one of every line.
    if _FORBIDDEN.search(text):
        return Source(lines, None, len(lines), tuple(_control_characters(lines)))
    source = _read_lines(lines)
    # No line is longer than the text, and few texts are that long.
    if len(text) > MAX_LINE:
        source = replace(source, faults=(*source.faults, *_long_lines(lines)))
    return source


def read_yaml(text: str) -> tuple[Node | None, tuple[Fault, ...]]:
    """Read a YAML file of `site_config/` by the same rules; lines count from the top of the file."""
    lines = _lines(text.removeprefix("\ufeff"))
    control = tuple(_control_characters(lines))
    return (None, control) if control else _parse(lines, first_line=1)


def same(one: Node, other: Node) -> bool:
    """Whether two nodes say the same, wherever they stand."""
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if len(one.entries) != len(other.entries):
            return False
        pairs = zip(one.entries, other.entries, strict=True)
        return all(a.text == b.text and same(x, y) for (a, x), (b, y) in pairs)
    return False


def _lines(text: str) -> tuple[str, ...]:
    """The lines without their ends: those of Unix, Windows and old Macs, no other."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(text.split("\n"))


def _read_lines(lines: tuple[str, ...]) -> Source:
    if not _FENCE.match(lines[0]):
        return _unreadable(
            lines,
            "no-front-matter",
            Span(1, 1, max(1, len(lines[0]))),
            "文件第一行不是 ---，没有信息头",
            _first_line_hint(lines),
        )
    end = next((i for i, line in enumerate(lines[1:], 1) if _FENCE.match(line)), None)
    if end is None:
        return _unreadable(lines, "unclosed-front-matter", *_unclosed(lines))
    size = sum(map(len, lines[1:end]))
    if size > MAX_FRONT_MATTER:
        return _unreadable(
            lines,
            "file-too-large",
            Span(end + 1, 1, 3),
            f"信息头有 {size:,} 个字符，上限是 {MAX_FRONT_MATTER:,}",
            "把长文字移到正文里",
        )
    node, faults = _parse(lines[1:end], first_line=2)
    root = node
    if not isinstance(root, Mapping):
        if not faults:
            faults = (Fault("invalid-yaml", _explain_shape(root, lines[1:end])),)
        return Source(lines, None, end + 1, faults)
    return Source(lines, root, end + 1, faults)


def _first_line_hint(lines: tuple[str, ...]) -> str:
    first = next((line for line in lines if line.strip()), "")
    if first.strip(" \t-\ufeff") == "" and "---" in first:
        return "第一行必须正好是 ---：删去它前面的空行、空格，或多出来的字符"
    return "在最前面加一行 ---，写完字段后再加一行 ---"


def _unclosed(lines: tuple[str, ...]) -> tuple[Span, str, str]:
    """Where the end was to be expected: an indented one, else the last line before a blank one."""
    message = "信息头没有结束的 ---"
    for row, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return Span(row, 1, len(line)), message, "结束的 --- 要顶格写，删去它前面的空格"
        if not line.strip() or line.startswith("#"):
            return Span(row - 1, 1, len(lines[row - 2])), message, "在这一行下面加上一行 ---"
    return Span(len(lines), 1, len(lines[-1])), message, "在这一行下面加上一行 ---"


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


def _long_lines(lines: tuple[str, ...]) -> Iterator[Fault]:
    for row, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            message = f"这一行有 {len(line):,} 个字符，上限是 {MAX_LINE:,}"
            yield Fault(
                "long-line", Finding(Span(row, MAX_LINE + 1), message, "分成几段，段与段之间空一行")
            )


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
    (
        "did not find expected alphabetic or numeric character",
        "值不能用 & 或 * 开头",
        "给整个值加上引号",
    ),
    ("cannot start any token", "值不能用这个字符开头", "给整个值加上引号"),
    ("unknown escape character", "双引号里的反斜杠有特殊含义", "改用单引号，或去掉反斜杠"),
    ("block end", "缩进不对", "同一层的字段要左对齐"),
    ("document start", "信息头里有多余的内容", "一行一个“字段: 值”"),
)


# Faults that show only where the text ends, and are to be mended where it begins.
_BEGINNINGS = (
    "while scanning a simple key",
    "while scanning a quoted scalar",
    "while scanning an a",
    "while parsing a flow",
)


def _explain(error: yaml.YAMLError, lines: tuple[str, ...], first_line: int) -> Finding:
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    if str(getattr(error, "context", None)).startswith(_BEGINNINGS):
        mark = getattr(error, "context_mark", mark)
    row, column = (mark.line, mark.column) if mark else (0, 0)
    # At the end of the text libyaml points behind the last line; the author needs a line that exists.
    if row >= len(lines):
        row, column = max(0, len(lines) - 1), max(0, len(lines[-1]) - 1) if lines else 0
    for nearby in range(row, max(-1, row - 2), -1):
        colon = _full_width_colon(lines[nearby], nearby + first_line)
        if colon:
            return colon
    span = Span(row + first_line, column + 1)
    if "could not find expected ':'" in problem:
        line = lines[row].rstrip()
        span = Span(row + first_line, column + 1, max(1, len(line) - column))
        tight = _NO_SPACE.match(line, column)
        if tight:
            return Finding(span, "冒号后面缺少空格", f"改为{quoted(f'{tight[1]}: {tight[2]}')}")
    above = _NO_SPACE.fullmatch(lines[row - 1]) if row else None
    if "mapping values are not allowed" in problem and above and ": " not in above[0]:
        # To YAML the line above is a text that goes on in this one.
        return Finding(
            Span(span.line - 1, 1, len(above[0])),
            "冒号后面缺少空格",
            f"改为{quoted(f'{above[1]}: {above[2]}')}",
        )
    if "mapping values are not allowed" in problem and _INDENTED_FIELD.match(lines[row]):
        span = Span(span.line, 1, len(lines[row]) - len(lines[row].lstrip()))
        return Finding(
            span, "这一行不该缩进", "和上一行左对齐；若是上一行的下文，整个值放进一对引号"
        )
    for key, message, hint in _EXPLANATIONS:
        if key in problem:
            return Finding(span, message, hint)
    return Finding(span, f"YAML 写法有误（{problem}）", "检查引号、冒号和缩进")


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
