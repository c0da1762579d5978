"""Is what goes wrong in a case reported, and at the line where it went wrong?

    python benchmarks/mutations.py [--count 1000] [--seed 5] [--misses]

Pages of this repository that pass the check are spoilt in one place, one at a time, in the ways of `KINDS`; each way says
beforehand which rules must report it and at which line (of the spoilt file). Right is a finding of such a rule at that line
that the page did not have before. Everything is drawn from a seed. Prints a table, and with `--misses` each miss.
"""

from __future__ import annotations

import argparse
import datetime
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb_builder import loader
from kb_builder.diagnostics import Diagnostic
from kb_builder.loader import Base
from kb_builder.model import document as documents
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document, FieldUse
from kb_builder.model.schema import FieldType, Needed
from kb_builder.model.values import Item
from kb_builder.rules.rechecking import Rechecker

ROOT = Path(__file__).parent.parent
TODAY = datetime.date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A page after it was spoilt: its path and bytes, and the line (from 1) where that must be reported."""

    path: str
    data: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is spoilt, with the other pages and the chance to draw from."""

    document: Document
    base: Base
    chance: random.Random

    def made(self, lines: list[str], line: int, path: str = "") -> Mutation:
        """The mutation that leaves these lines."""
        return Mutation(path or self.document.path, "\n".join(lines).encode(), line)

    def pick(self, found: list[Item]) -> Item | None:
        """One of the values that stand on one line as they read."""
        lines = self.document.lines
        fit = [
            item
            for item in found
            if lines[item.span.line - 1][item.span.column - 1 :][: item.span.length].strip("\"'")
        ]
        return self.chance.choice(fit) if fit else None

    def values(self, wanted: Callable[[FieldUse], bool]) -> list[Item]:
        """The values of fields of some kind, but for what `kb import` keeps for itself."""
        ours = [group.fields for group in self.document.groups("imported")]
        return [
            item
            for use in self.document.every_field
            if wanted(use) and not any(use.beside is each for each in ours)
            for item in use.items
        ]

    def exchanged(self, item: Item | None, text: str) -> Mutation | None:
        """With another text in the place of a value."""
        if item is None:
            return None
        lines, span = list(self.document.lines), item.span
        line = lines[span.line - 1]
        lines[span.line - 1] = (
            line[: span.column - 1] + text + line[span.column - 1 + span.length :]
        )
        return self.made(lines, span.line)

    def prose(self, text: str) -> Mutation | None:
        """With a text at the end of a paragraph of its body."""
        rows = [
            row
            for row in range(self.document.body_line, len(self.document.lines))
            if re.match(r"[一-鿿“]", self.document.lines[row])
        ]
        if not rows:
            return None
        row = self.chance.choice(rows)
        lines = list(self.document.lines)
        lines[row] += text
        return self.made(lines, row + 1)

    def with_field(self, text: str) -> Mutation:
        """With a line more at the end of its front matter."""
        end = self.document.body_line - 1
        lines = list(self.document.lines)
        return self.made([*lines[:end], text, *lines[end:]], end + 1)

    def digits(self, count: int) -> str:
        """So many digits."""
        return "".join(self.chance.choice("0123456789") for _ in range(count))


def top_line(page: Page) -> int | None:
    """The index of a line of the front matter with a whole `field: value` of plain text."""
    rows = [
        row
        for row in range(1, page.document.body_line - 1)
        if re.fullmatch(r"[a-z_]+: [^\[{\"'|>&*#:]+", page.document.lines[row])
        and not page.document.lines[row + 1].startswith(" ")
    ]
    return page.chance.choice(rows) if rows else None


def drop_field(page: Page) -> Mutation | None:
    """A field that is needed is gone: reported at the end of the front matter, where it can be added."""
    document, kind = page.document, page.document.kind
    assert kind is not None
    names = [
        spec.name
        for spec in kind.fields.values()
        if spec.name in document.keys and spec.needed is not Needed.OPTIONAL
        and not (spec.waived and document.short) and spec.name != "status"
    ]  # fmt: skip
    name = page.chance.choice(names)
    start = document.keys[name].line - 1
    end = start + 1
    while document.lines[end][:1] in (" ", "-") and document.lines[end].rstrip() != "---":
        end += 1
    lines = [*document.lines[:start], *document.lines[end:]]
    return page.made(lines, document.body_line - (end - start))


def section(page: Page, *, keep_heading: bool) -> tuple[list[str], int] | None:
    """The lines without one of the sections that are needed, and the index where it began."""
    document = page.document
    needed = [each for each in document.sections if each.title in document.required_sections]
    if not needed:
        return None
    gone = page.chance.choice(needed)
    starts = [each.span.line - 1 for each in document.sections]
    begin = gone.span.line - 1
    end = min((start for start in starts if start > begin), default=len(document.lines))
    head = [document.lines[begin], ""] if keep_heading else []
    return [*document.lines[:begin], *head, *document.lines[end:]], begin


def drop_section(page: Page) -> Mutation | None:
    """Reported at the heading before which it belongs, or at the last line of text of a page that ends there."""
    found = section(page, keep_heading=False)
    if found is None:
        return None
    lines, begin = found
    last = max(row for row, line in enumerate(lines, 1) if line.strip())
    return page.made(lines, min(begin + 1, last))


def empty_section(page: Page) -> Mutation | None:
    """Reported at its heading."""
    found = section(page, keep_heading=True)
    return page.made(found[0], found[1] + 1) if found else None


def repeat_section(page: Page) -> Mutation | None:
    """Reported at the second heading."""
    if not page.document.sections:
        return None
    title = page.chance.choice(page.document.sections).title
    lines = [*page.document.lines, f"## {title}", "", "又写一遍。", ""]
    return page.made(lines, len(page.document.lines) + 1)


def unclosed(page: Page) -> Mutation | None:
    """The end of the front matter is gone: reported at the last line before a blank one or a heading."""
    end = page.document.body_line - 1
    lines = [*page.document.lines[:end], *page.document.lines[end + 1 :]]
    row = next(i for i, line in enumerate(lines[1:], 1) if not line.strip() or line.startswith("#"))
    return page.made(lines, row)


def in_line(change: Callable[[str], str]) -> Callable[[Page], Mutation | None]:
    """A line of front matter with a plain text is changed."""

    def spoil(page: Page) -> Mutation | None:
        row = top_line(page)
        if row is None:
            return None
        lines = list(page.document.lines)
        lines[row] = change(lines[row])
        return page.made(lines, row + 1)

    return spoil


def repeated_field(page: Page) -> Mutation | None:
    """Reported where it is written the second time."""
    row = top_line(page)
    return None if row is None else page.with_field(page.document.lines[row])


def gbk(page: Page) -> Mutation | None:
    """A paragraph saved in another encoding."""
    made = page.prose("服务")
    if made is None:
        return None
    lines = made.data.split(b"\n")
    lines[made.line - 1] += "不到位".encode("gbk")
    return Mutation(made.path, b"\n".join(lines), made.line)


def duplicate_id(page: Page) -> Mutation | None:
    """The id of another page of its kind."""
    kind = page.document.kind
    assert kind is not None
    ids = [each for each in page.base.corpus.ids[kind.name] if each != page.document.id]
    return page.exchanged(page.pick(list(page.document.items("id"))), page.chance.choice(ids))


def renamed(page: Page) -> Mutation | None:
    """The number in the file's name is another one: reported at the id."""
    folder, _, name = page.document.path.rpartition("/")
    other = re.sub(r"\d+\.md$", lambda match: f"{int(match[0][:-3]) + 500:03d}.md", name)
    line = page.document.items("id")[0].span.line
    return page.made(list(page.document.lines), line, f"{folder}/{other}")


def moved(page: Page) -> Mutation | None:
    """In the folder of another kind or year: reported at the id."""
    name = page.document.path.rpartition("/")[2]
    folders = {each.path.rpartition("/")[0] for each in page.base.corpus.documents}
    folder = page.chance.choice(sorted(folders - {page.document.path.rpartition("/")[0]}))
    line = page.document.items("id")[0].span.line
    return page.made(list(page.document.lines), line, f"{folder}/{name}")


def resident_id(page: Page) -> str:
    """A resident id with its check digit, of somebody born before 1904."""
    digits = f"430104190{page.chance.randrange(4)}0{page.chance.randint(1, 9)}1{page.chance.randrange(10)}"
    digits += page.digits(17 - len(digits))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def bank_card(page: Page) -> str:
    """A card number with its check digit."""
    digits = "622848" + page.digits(12)
    for last in "0123456789":
        values = [int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits + last))]
        if sum(value - 9 if value > 9 else value for value in values) % 10 == 0:
            return digits + last
    raise AssertionError("one of ten digits is the check digit")


def person(page: Page) -> str:
    """A full name."""
    return page.chance.choice("张王李赵陈杨黄周") + page.chance.choice(
        ["建国", "晓燕", "志强", "丽华", "伟", "秀英", "子涵", "海波"]
    )


def is_word(use: FieldUse) -> bool:
    return use.spec.type is FieldType.VOCABULARY and use.spec.name != "status"


def is_role(use: FieldUse) -> bool:
    return use.spec.type is FieldType.ROLE


def is_date(use: FieldUse) -> bool:
    return use.spec.type in (FieldType.DATE, FieldType.MOMENT)


def is_reference(use: FieldUse) -> bool:
    return use.spec.type is FieldType.REFERENCE


def is_lesson(use: FieldUse) -> bool:
    return use.spec.name == "lessons"


def to(wanted: Callable[[FieldUse], bool], text: str) -> Callable[[Page], Mutation | None]:
    """A value of some fields becomes this text."""
    return lambda page: page.exchanged(page.pick(page.values(wanted)), text)


def of(field: str, text: str) -> Callable[[Page], Mutation | None]:
    """The value of one field becomes this text."""
    return lambda page: page.exchanged(page.pick(list(page.document.items(field))), text)


Kind = tuple[str, tuple[str, ...], Callable[[Page], Mutation | None]]

KINDS: tuple[Kind, ...] = (
    ("a needed field dropped", ("KB101",), drop_field),
    ("a value outside its vocabulary", ("KB203",), to(is_word, "不在词表里的词")),
    ("a role that doesn't exist", ("KB204", "KB205"), to(is_role, "月球负责人")),
    ("a person as role", ("KB205", "KB513", "KB514"), lambda page: page.exchanged(page.pick(page.values(is_role)), person(page))),
    ("no date", ("KB103",), to(is_date, "2024-13-45")),
    ("a date to come", ("KB415",), lambda page: page.exchanged(page.pick(page.values(lambda use: is_date(use) and use.spec.name != "due")), "2999-01-01")),
    ("a list for one value", ("KB103", "KB206"), of("title", "[甲, 乙]")),
    ("a title too long", ("KB104",), of("title", "客户说" * 40)),
    ("an empty value", ("KB105",), of("title", '""')),
    ("an unknown field", ("KB102",), lambda page: page.with_field("kehu_xinqing: 差")),
    ("a field twice", ("KB004",), repeated_field),
    ("no space after the colon", ("KB003",), in_line(lambda line: line.replace(": ", ":", 1))),
    ("a full-width colon", ("KB003",), in_line(lambda line: line.replace(": ", "：", 1))),
    ("an open quote", ("KB003",), in_line(lambda line: line.replace(": ", ': "', 1))),
    ("an open bracket", ("KB003",), in_line(lambda line: line.replace(": ", ": [", 1))),
    ("a second colon", ("KB003",), in_line(lambda line: f"{line}: 又")),
    ("a tab before a field", ("KB005",), in_line(lambda line: f"\t{line}")),
    ("an anchor", ("KB003", "KB008"), in_line(lambda line: line.replace(": ", ": &a ", 1))),
    ("no end of the front matter", ("KB002",), unclosed),
    ("GBK in UTF-8", ("KB006",), gbk),
    ("a control character", ("KB010",), lambda page: page.prose("\x07")),
    ("a missing section", ("KB401",), drop_section),
    ("an empty section", ("KB403",), empty_section),
    ("a section twice", ("KB406",), repeat_section),
    ("a dead reference", ("KB305",), lambda page: page.exchanged(page.pick(page.values(is_reference)), page.chance.choice(["LS-999", "PB-999", "CASE-2031-0999"]))),
    ("a reference of the wrong kind", ("KB306",), to(is_lesson, "PB-001")),
    ("an id in the wrong form", ("KB301",), lambda page: page.exchanged(page.pick(list(page.document.items("id"))), page.document.id.replace("-", "_", 1))),
    ("the id of another page", ("KB302", "KB303"), duplicate_id),
    ("a wrong file name", ("KB303",), renamed),
    ("a wrong folder", ("KB304",), moved),
    ("a dead link", ("KB309",), lambda page: page.prose("见[这里](../lessons/LS-999.md)。")),
    ("a mobile number", ("KB501",), lambda page: page.prose(f"请打 1{page.chance.choice('358')}9{page.digits(8)}。")),
    ("a mobile number, spaced", ("KB501",), lambda page: page.prose(f"电话 138 {page.digits(4)} {page.digits(4)}。")),
    ("a landline number", ("KB501",), lambda page: page.prose(f"座机0731-8{page.digits(7)}。")),
    ("a resident id", ("KB502",), lambda page: page.prose(f"身份证{resident_id(page)}。")),
    ("a bank card", ("KB503",), lambda page: page.prose(f"退到{bank_card(page)}。")),
    ("a plate", ("KB505",), lambda page: page.prose(f"车牌湘A{page.digits(5)}。")),
    ("an e-mail address", ("KB508",), lambda page: page.prose(f"发到u{page.digits(6)}@163.com。")),
    ("a WeChat id", ("KB509",), lambda page: page.prose(f"微信号：wx_{page.digits(6)}。")),
    ("an address", ("KB511",), lambda page: page.prose(f"住在和平路{page.chance.randint(2, 300)}号{page.chance.randint(1, 20)}栋{page.chance.randint(101, 2800)}室。")),
    ("an order number", ("KB512",), lambda page: page.prose(f"订单号：{page.digits(14)}。")),
    ("a name with a word for persons", ("KB513",), lambda page: page.prose(f"客户{person(page)}来电。")),
    ("a name with a label", ("KB514",), lambda page: page.prose(f"联系人：{person(page)}。")),
    ("a phone number in a field", ("KB501",), lambda page: page.exchanged(page.pick(list(page.document.items("title"))), f"打 139{page.digits(8)} 没人接")),
    ("an invisible character", ("KB604",), lambda page: page.prose("客\u200b户")),
)  # fmt: skip
"""What is done to a page, the rules of which one must report it, and how."""


class Checker:
    """Checks the base with one page in the place of another."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._rechecker = Rechecker(base.settings)
        self.before = Counter(map(_told, self._rechecker.check(base.corpus, TODAY)))

    def new(self, old: Document, mutation: Mutation) -> list[Diagnostic]:
        """What is found in the spoilt page that wasn't found before."""
        spoilt = documents.build(mutation.path, mutation.data, self._base.settings.schema)
        corpus = self._base.corpus
        others = [each for each in corpus.documents if each.path not in (old.path, spoilt.path)]
        made = Corpus(
            tuple(sorted([*others, spoilt], key=lambda each: each.path)),
            corpus.pages,
            corpus.pictures,
            corpus.beside,
        )
        found = self._rechecker.check(made, TODAY)
        return [
            each for each in found if each.path == mutation.path and _told(each) not in self.before
        ]


def _told(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    return diagnostic.path, diagnostic.span.line, diagnostic.rule, diagnostic.message


def main() -> None:
    """Spoil, check, count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    base = loader.load(ROOT)
    checker = Checker(base)
    chance = random.Random(options.seed)
    pages = [
        each
        for each in base.corpus.documents
        if each.readable and each.published and each.path.startswith("cases/")
    ]
    tried: Counter[str] = Counter()
    told: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    misses: list[str] = []
    number = 0
    while sum(tried.values()) < options.count:
        name, wanted, spoil = KINDS[number % len(KINDS)]
        number += 1
        document = chance.choice(pages)
        mutation = spoil(Page(document, base, chance))
        if mutation is None:
            continue
        tried[name] += 1
        found = checker.new(document, mutation)
        right = [each for each in found if each.rule in wanted]
        told[name] += bool(right)
        if any(each.span.line == mutation.line for each in right):
            placed[name] += 1
        else:
            said = ", ".join(f"{each.rule}:{each.span.line}" for each in found[:6]) or "nothing"
            misses.append(f"{name}: {mutation.path} line {mutation.line}: {said}")
    print(
        "| spoilt by | rules | tried | reported | at its line |\n| --- | --- | ---: | ---: | ---: |"
    )
    for name, wanted, _ in KINDS:
        print(f"| {name} | {', '.join(wanted)} | {tried[name]} | {told[name]} | {placed[name]} |")
    print(f"| **all** | | {tried.total()} | {told.total()} | {placed.total()} |")
    if options.misses:
        print("\n".join(["", *misses]))


if __name__ == "__main__":
    main()
