"""The only reader of `cases/` and `site_config/`."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb_builder.diagnostics import Finding, KbError, Span
from kb_builder.model import document, front_matter
from kb_builder.model.corpus import Corpus
from kb_builder.model.document import Document
from kb_builder.model.front_matter import Fault, Mapping, Node, Scalar, Sequence
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed, Schema
from kb_builder.model.settings import Claim, Counterpoint, Settings, Statistic, Term
from kb_builder.model.taxonomy import Value, Vocabulary

CONTENT = "cases"
CONFIG = "site_config"
STATE = ".kb"
"""Where index and caches live; never published, never in git."""

PAGES = ("index.md", "guide/")
"""What below `cases/` are hand-written pages, MkDocs' business, rather than documents."""


@dataclass(frozen=True)
class Base:
    """A knowledge base on disk: a folder with `mkdocs.yml`, `cases/` and `site_config/`."""

    root: Path
    settings: Settings
    corpus: Corpus

    @property
    def state(self) -> Path:
        """The folder of index and caches."""
        return self.root / STATE


def load(root: Path) -> Base:
    """Read a whole base. Raises KbError when it isn't one or its settings are broken."""
    settings = load_settings(root)
    return Base(root, settings, load_corpus(root, settings.schema))


def load_corpus(root: Path, schema: Schema) -> Corpus:
    """Read every document below `cases/`; what can't be read is a document with faults."""
    return Corpus(tuple(_read_document(root, path, schema) for path in document_paths(root)))


def document_paths(root: Path) -> Iterator[str]:
    """The paths of all documents, relative to the base, in code point order."""
    content = root / CONTENT
    if not content.is_dir():
        raise KbError(f"{root} 里没有 {CONTENT}/ 文件夹：这里不是知识库；用 kb init 新建一个")
    yield from sorted(_walk(content, f"{CONTENT}/"))


def is_page(path: str) -> bool:
    """Whether a path relative to `cases/` is a hand-written page."""
    return path == PAGES[0] or path.startswith(PAGES[1])


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        raise KbError(f"读不了文件夹 {prefix}：{error.strerror}") from error
    for entry in found:
        path = prefix + entry.name
        if entry.name.startswith(".") or is_page(path.partition("/")[2]):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, path + "/")
        elif entry.name.endswith(".md"):
            yield path


def _read_document(root: Path, path: str, schema: Schema) -> Document:
    data = _read_regular(root / path)
    if isinstance(data, bytes):
        return document.build(path, data, schema)
    fault = Fault("unsafe-file", Finding(Span(1, 1), data, "换成普通文件"))
    empty = document.build(path, b"", schema)
    return Document(**{**empty.__dict__, "faults": (fault,), "readable": False})


def _read_regular(path: Path) -> bytes | str:
    """The bytes of a regular file, one more than the limit at most; or why it isn't read."""
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return "是符号链接，不读取" if path.is_symlink() else f"读不了：{error.strerror}"
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "不是普通文件，不读取"
        return file.read(front_matter.MAX_BYTES + 1)


def load_settings(root: Path) -> Settings:
    """Read `site_config/`. Raises KbError naming file, line and column of the first thing wrong."""
    folder = root / CONFIG
    if not folder.is_dir():
        raise KbError(f"{root} 里没有 {CONFIG}/ 文件夹：这里不是知识库；用 kb init 新建一个")
    vocabularies = {
        path.stem: _vocabulary(_Config(root, f"{CONFIG}/taxonomy/{path.name}"), path.stem)
        for path in sorted((folder / "taxonomy").glob("*.yml"))
    }
    vocabularies["roles"] = _vocabulary(_Config(root, f"{CONFIG}/roles.yml"), "roles")
    schema = _schema(_Config(root, f"{CONFIG}/schema.yml"), vocabularies)
    return Settings(
        schema=schema,
        vocabularies=vocabularies,
        statistics=_statistics(_Config(root, f"{CONFIG}/statistics.yml", optional=True)),
        counterpoints=_counterpoints(_Config(root, f"{CONFIG}/counterpoints.yml", optional=True)),
        glossary=_glossary(_Config(root, f"{CONFIG}/glossary.yml", optional=True)),
        synonyms=tuple(tuple(line.split()) for line in _lines(folder / "synonyms.txt")),
        dictionary=tuple(_lines(folder / "dictionary.txt")),
        digest=_digest(folder),
    )


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KbError(f"{CONFIG}/{path.name}: 不是 UTF-8 编码；请另存为 UTF-8") from error
    for line in text.splitlines():
        words = line.partition("#")[0].strip()
        if words:
            yield words


class _Config:
    """A settings file with the readers of its values; anything unexpected is a KbError."""

    def __init__(self, root: Path, path: str, *, optional: bool = False) -> None:
        self.path = path
        self.root: Node | None = None
        try:
            text = (root / path).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            if optional:
                return
            raise KbError(f"缺少 {path}") from None
        except UnicodeDecodeError as error:
            raise KbError(f"{path}: 不是 UTF-8 编码；请另存为 UTF-8") from error
        self.root, faults = front_matter.read_yaml(text)
        if faults:
            finding = faults[0].finding
            raise self.error(finding.span, f"{finding.message}；{finding.hint}".rstrip("；"))

    def error(self, span: Span, message: str) -> KbError:
        return KbError(f"{self.path}:{span.line}:{span.column}: {message}")

    def entries(self, node: Node | None, *allowed: str) -> dict[str, Node]:
        if node is None or (isinstance(node, Scalar) and not node.text):
            return {}
        if not isinstance(node, Mapping):
            raise self.error(node.span, "这里应当是“名字: 值”")
        for key, _ in node.entries:
            if allowed and key.text not in allowed:
                raise self.error(key.span, f"不认识“{key.text}”；可以写：{'、'.join(allowed)}")
        return {key.text: value for key, value in node.entries}

    def items(self, node: Node | None) -> tuple[Node, ...]:
        if node is None or (isinstance(node, Scalar) and not node.text):
            return ()
        return node.items if isinstance(node, Sequence) else (node,)

    def text(self, node: Node | None, default: str = "") -> str:
        if node is None:
            return default
        if not isinstance(node, Scalar):
            raise self.error(node.span, "这里应当是一个词或一句话")
        return "" if node.text in ("null", "~") else node.text.strip()

    def texts(self, node: Node | None) -> tuple[str, ...]:
        return tuple(self.text(item) for item in self.items(node))

    def flag(self, node: Node | None) -> bool:
        text = self.text(node, "false")
        if text not in ("true", "false"):
            assert node is not None
            raise self.error(node.span, f"这里应当是 true 或 false，不是“{text}”")
        return text == "true"

    def number(self, node: Node | None) -> int | None:
        if node is None:
            return None
        text = self.text(node)
        if not (text.isascii() and text.isdigit()):
            raise self.error(node.span, f"这里应当是整数，不是“{text}”")
        return int(text)


def _vocabulary(config: _Config, name: str) -> Vocabulary:
    top = config.entries(config.root, "label", "help", "parent", "values")
    values: dict[str, Value] = {}
    for identity, node in config.entries(top.get("values")).items():
        parts = config.entries(node, "label", "aliases", "help", "parent", "deputy")
        values[identity] = Value(
            id=identity,
            label=config.text(parts.get("label"), identity),
            aliases=config.texts(parts.get("aliases")),
            help=config.text(parts.get("help")),
            parent=config.text(parts.get("parent")),
            deputy=config.text(parts.get("deputy")),
        )
    if not values:
        raise KbError(f"{config.path}: 没有任何值；在 values: 下面写“编号: {{label: 名称}}”")
    return Vocabulary(
        name=name,
        label=config.text(top.get("label"), name),
        values=values,
        help=config.text(top.get("help")),
        parent=config.text(top.get("parent")),
    )


_FIELD_KEYS = (
    "label", "type", "many", "needed", "waived", "facet", "weight", "min", "max", "help",
    "vocabulary", "kind", "none", "fields",
)  # fmt: skip
_KIND_KEYS = (
    "label", "id", "folder", "address", "sections", "short_sections", "short_when", "fields",
)  # fmt: skip


def _schema(config: _Config, vocabularies: dict[str, Vocabulary]) -> Schema:
    top = config.entries(config.root, "version", "groups", "kinds")
    if config.text(top.get("version")) != "1":
        raise KbError(f"{config.path}: 只认识 version: 1 的格式")
    shared = config.entries(top.get("groups"))
    kinds: dict[str, Kind] = {}
    for name, node in config.entries(top.get("kinds")).items():
        parts = config.entries(node, *_KIND_KEYS)
        sections = config.texts(parts.get("sections"))
        kinds[name] = Kind(
            name=name,
            label=config.text(parts.get("label"), name),
            id_form=config.text(parts.get("id")),
            folder=config.text(parts.get("folder")),
            address=config.text(parts.get("address")),
            sections=sections,
            short_sections=config.texts(parts.get("short_sections")) or sections,
            short_when={
                key: config.texts(value)
                for key, value in config.entries(parts.get("short_when")).items()
            },
            fields={
                key: _field(config, key, value, shared, vocabularies)
                for key, value in config.entries(parts.get("fields")).items()
            },
        )
    return Schema(kinds)


def _field(
    config: _Config,
    name: str,
    node: Node,
    shared: dict[str, Node],
    vocabularies: dict[str, Vocabulary],
) -> FieldSpec:
    parts = config.entries(node, *_FIELD_KEYS)
    try:
        kind = FieldType(config.text(parts.get("type")))
        needed = Needed(config.text(parts.get("needed"), Needed.OPTIONAL))
    except ValueError as error:
        raise config.error(node.span, f"字段 {name} 的 type 或 needed 不对：{error}") from error
    vocabulary = None
    if kind in (FieldType.VOCABULARY, FieldType.ROLE):
        wanted = "roles" if kind is FieldType.ROLE else config.text(parts.get("vocabulary"), name)
        vocabulary = vocabularies.get(wanted)
        if vocabulary is None:
            raise config.error(node.span, f"字段 {name} 缺少词表 {CONFIG}/taxonomy/{wanted}.yml")
    fields = None
    if kind is FieldType.GROUP:
        inner = parts.get("fields")
        if isinstance(inner, Scalar):
            inner = shared.get(inner.text)
        fields = {
            key: _field(config, key, value, shared, vocabularies)
            for key, value in config.entries(inner).items()
        }
        if not fields:
            raise config.error(node.span, f"字段 {name} 是一组字段，但没有写 fields")
    none = config.entries(parts.get("none"), "id", "label")
    return FieldSpec(
        name=name,
        label=config.text(parts.get("label"), name),
        type=kind,
        many=config.flag(parts.get("many")),
        needed=needed,
        waived=config.flag(parts.get("waived")),
        facet=config.flag(parts.get("facet")),
        weight=config.number(parts.get("weight")) or 0,
        minimum=config.number(parts.get("min")),
        maximum=config.number(parts.get("max")),
        help=config.text(parts.get("help")),
        vocabulary=vocabulary,
        reference_kind=config.text(parts.get("kind")),
        none_id=config.text(none.get("id")),
        none_label=config.text(none.get("label")),
        fields=fields,
    )


def _statistics(config: _Config) -> dict[str, Statistic]:
    found: dict[str, Statistic] = {}
    for identity, node in config.entries(config.root).items():
        parts = config.entries(
            node, "label", "value", "unit", "base", "as_of", "source", "verified", "incomplete", "note", "parts"
        )  # fmt: skip
        shares = [
            config.entries(item, "label", "value") for item in config.items(parts.get("parts"))
        ]
        found[identity] = Statistic(
            id=identity,
            label=config.text(parts.get("label"), identity),
            value=config.text(parts.get("value")),
            unit=config.text(parts.get("unit")),
            base=config.text(parts.get("base")),
            as_of=config.text(parts.get("as_of")),
            source=config.text(parts.get("source")),
            verified=config.flag(parts.get("verified")),
            incomplete=config.flag(parts.get("incomplete")),
            note=config.text(parts.get("note")),
            parts=tuple((config.text(s.get("label")), config.text(s.get("value"))) for s in shares),
        )
    return found


def _counterpoints(config: _Config) -> tuple[Counterpoint, ...]:
    found = []
    for node in config.items(config.root):
        parts = config.entries(node, "id", "question", "sides", "ruling", "pages")
        sides = [
            config.entries(item, "claim", "source") for item in config.items(parts.get("sides"))
        ]
        found.append(
            Counterpoint(
                id=config.text(parts.get("id")),
                question=config.text(parts.get("question")),
                sides=tuple(
                    Claim(config.text(side.get("claim")), config.text(side.get("source")))
                    for side in sides
                ),
                ruling=config.text(parts.get("ruling")),
                pages=config.texts(parts.get("pages")),
            )
        )
    return tuple(found)


def _glossary(config: _Config) -> tuple[Term, ...]:
    found = []
    for node in config.items(config.root):
        parts = config.entries(node, "term", "aliases", "definition", "see")
        found.append(
            Term(
                term=config.text(parts.get("term")),
                aliases=config.texts(parts.get("aliases")),
                definition=config.text(parts.get("definition")),
                see=config.texts(parts.get("see")),
            )
        )
    return tuple(found)
