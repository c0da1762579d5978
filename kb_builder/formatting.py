"""The normal form of a content file, for `kb fmt`: what differs then differs in meaning.

Front matter has its fields in the order of the schema, quotes only where YAML needs them, lists indented
by two; comments stay above the field they stood above. The body has one blank line around headings, and
a line end at its end. Each step is kept only if the front matter still says the same after it, so that
a construct nobody thought of stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_builder.drafting import scalar
from kb_builder.model import front_matter
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Mapping as MappingNode
from kb_builder.model.front_matter import Node, Scalar, Sequence
from kb_builder.model.schema import Kind

_WIDTH = 100
"""Where a list in brackets becomes one with a line for each item, in characters."""

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = "---"

# Plain, other programs take these for a number, a date, or yes and no.
_AMBIGUOUS = re.compile(r"[-+.]?\d|(?:true|false|yes|no|on|off|null|y|n|~)\Z", re.IGNORECASE)
_KEY = re.compile(r"[\w-]+\Z")
_CONTAINER = re.compile(r"[ \t]|[-+*>|<:]|!!!|\?\?\?|\d+[.)]")
_RAW_HTML = re.compile(r"<(?!!--.*-->|https?:)[A-Za-z/!]")


def format_document(data: bytes, found: Document) -> bytes:
    """The normal form of a document; as it is where its front matter can't be read.

    What it says stays the same, and the normal form of a normal form is itself.

    Args:
        data: the bytes of its file.
        found: the document read from them.
    """
    if found.kind is None or not found.readable:
        return data
    text = data.decode()
    ending = _LINE_END.search(text)
    front = list(found.lines[1 : found.body_line - 1])
    # Of a field written twice the first counts; which that is must not depend on us.
    is_twice = any(fault.rule == "duplicate-key" for fault in found.faults)
    for step in () if is_twice else (_quoting, _lists, _order):
        changed = step(front, found.kind)
        if changed is not None and _says_the_same(front, changed):
            front = changed
    lines = [_FENCE, *front, _FENCE, *_body(found)]
    whole = (ending[0] if ending else "\n").join([*lines, ""])
    return ((_BOM if text.startswith(_BOM) else "") + whole).encode()


def _read(front: list[str]) -> MappingNode | None:
    return front_matter.read("\n".join([_FENCE, *front, _FENCE, ""]).encode()).root


def _says_the_same(before: list[str], after: list[str]) -> bool:
    """Whether two front matters hold the same fields, in whichever order."""
    one, other = _read(before), _read(after)
    if one is None or other is None or len(one.entries) != len(other.entries):
        return False
    values = {key.text: node for key, node in other.entries}
    return all(
        key.text in values and front_matter.same(node, values[key.text])
        for key, node in one.entries
    ) and _comments(before) == _comments(after)


def _comments(front: list[str]) -> list[str]:
    return sorted(line.strip() for line in front if line.lstrip().startswith("#"))


def _quoting(front: list[str], _kind: Kind) -> list[str] | None:
    """Without the quotes that nothing needs."""
    root = _read(front)
    if root is None:
        return None
    lines = list(front)
    # From the end, so that the places before stay what they are.
    for node, flow in sorted(_scalars(root, front), key=lambda each: each[0].span, reverse=True):
        row, begin = node.span.line - 2, node.span.column - 1
        end = begin + node.span.length
        raw = lines[row][begin:end]
        if len(raw) < 2 or raw[0] != raw[-1] or raw[0] not in "'\"":
            continue
        if not _AMBIGUOUS.match(node.text) and scalar(node.text, flow=flow) == node.text:
            lines[row] = lines[row][:begin] + node.text + lines[row][end:]
    return lines


def _scalars(root: MappingNode, front: list[str]) -> Iterator[tuple[Scalar, bool]]:
    """The values that are written on one line, and whether they stand inside brackets."""
    nodes: list[tuple[Node, bool]] = [(node, False) for _, node in root.entries]
    while nodes:
        node, flow = nodes.pop()
        if isinstance(node, Scalar):
            yield node, flow
            continue
        inside = flow or front[node.span.line - 2][node.span.column - 1] in "[{"
        children = (
            node.items if isinstance(node, Sequence) else (value for _, value in node.entries)
        )
        nodes += [(child, inside) for child in children]


def _lists(front: list[str], _kind: Kind) -> list[str] | None:
    """Lists in brackets with a space after each comma; those too long with a line for each item."""
    root = _read(front)
    if root is None:
        return None
    lines: list[str] = []
    by_row = {key.span.line - 2: (key, node) for key, node in root.entries}
    for row, line in enumerate(front):
        key, node = by_row.get(row, (None, None))
        items = _in_brackets(line, row, node)
        if key is None or items is None:
            lines.append(line)
            continue
        joined = f"{key.text}: [{', '.join(items)}]"
        if len(joined) <= _WIDTH:
            lines.append(joined)
        else:
            lines += [f"{key.text}:", *(f"  - {item}" for item in items)]
    return lines


def _in_brackets(line: str, row: int, node: Node | None) -> list[str] | None:
    """The items, as written, of a list that is all of its line; None for anything else."""
    if not isinstance(node, Sequence) or node.span.line - 2 != row or not node.items:
        return None
    begin = node.span.column - 1
    end = begin + node.span.length
    if line[begin] != "[" or line[end - 1] != "]" or line[end:].strip():
        return None
    items = []
    for item in node.items:
        if not isinstance(item, Scalar) or item.span.line - 2 != row or not item.text:
            return None
        items.append(line[item.span.column - 1 : item.span.column - 1 + item.span.length])
    return items


def _order(front: list[str], kind: Kind) -> list[str] | None:
    """The fields in the order of the schema, undeclared ones last, each with the comments above it."""
    root = _read(front)
    if root is None or any(key.span.column != 1 for key, _ in root.entries):
        return None
    rows = [key.span.line - 2 for key, _ in root.entries]
    if len(set(rows)) < len(rows):
        return None
    place = {name: number for number, name in enumerate(kind.fields)}
    blocks: list[tuple[int, list[str]]] = []
    above = [line for line in front[: rows[0]] if line.strip()]
    for (key, _), begin, end in zip(root.entries, rows, [*rows[1:], len(front)], strict=True):
        block = front[begin:end]
        following: list[str] = []
        while len(block) > 1 and (block[-1].startswith("#") or not block[-1].strip()):
            line = block.pop()
            following = [line, *following] if line.strip() else following
        blocks.append((place.get(key.text, len(place)), [*above, *_indented(block, key.text)]))
        above = following
    ordered = sorted(blocks, key=lambda each: each[0])
    return [line for _, block in ordered for line in block] + above


def _indented(block: list[str], name: str) -> list[str]:
    """A field with one space after its colon, and what is below it indented by two."""
    first, *rest = block
    key, colon, value = first.partition(":")
    if colon and _KEY.match(key.strip("'\"")) and key.strip("'\"") == name:
        first = f"{name}:{' ' if value.strip() else ''}{value.strip()}"
    deep = [len(line) - len(line.lstrip(" ")) for line in rest if line.strip()]
    # Text that goes on below its first line is indented as its author likes.
    if not deep or value.strip():
        return [first, *rest]
    shift = 2 - deep[0]
    if min(deep) != deep[0]:
        return [first, *rest]
    return [first, *(_shifted(line, shift) for line in rest)]


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return line
    return " " * by + line if by > 0 else line[-by:]


def _body(found: Document) -> list[str]:
    """The body with one blank line around each heading, and none at its end."""
    lines = list(found.lines[found.body_line :])
    headings = {heading.span.line - 1 - found.body_line for heading in found.headings}
    written: list[str] = [""]
    # What is between tags or in a comment over several lines may be no heading at all.
    is_markdown = not any(_RAW_HTML.match(line) or _is_open(line) for line in lines)
    after_heading = False
    for row, line in enumerate(lines):
        is_heading = is_markdown and row in headings and _is_free(lines, row)
        if not line.strip() and (after_heading or len(written) == 1):
            continue
        if is_heading or after_heading:
            while not written[-1].strip() and len(written) > 1:
                written.pop()
            if written[-1]:
                written.append("")
        written.append(line)
        after_heading = is_heading
    while written and not written[-1].strip():
        written.pop()
    return written


def _is_open(line: str) -> bool:
    return line.count("<!--") != line.count("-->")


def _is_free(lines: list[str], row: int) -> bool:
    """Whether a heading stands by itself, or right below a paragraph, not in a list or a table."""
    for line in reversed(lines[:row]):
        if not line.strip():
            return True
        # What follows the rows of a table without a blank line is one more row of it.
        if _CONTAINER.match(line) or "|" in line:
            return False
    return True
