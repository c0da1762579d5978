"""The only reader of `cases/` and `site_config/`."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
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

_LARGEST_PICTURE = 10 * 1024 * 1024
_PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}

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


@dataclass(frozen=True, slots=True)
class HandPage:
    """A hand-written page: `title` is empty where none is given, `problem` says why it can't be read.

    `path` is relative to the base.
    """

    path: str
    title: str
    body: str
    problem: str = ""


def load(root: Path) -> Base:
    """Read a whole base. Raises KbError when it isn't one or its settings are broken."""
    settings = load_settings(root)
    return Base(root, settings, load_corpus(root, settings.schema))


def load_corpus(root: Path, schema: Schema) -> Corpus:
    """Read every document below `cases/`; what can't be read is a document with faults."""
    return Corpus(tuple(documents(root, schema)), frozenset(page_paths(root)))


def documents(root: Path, schema: Schema) -> Iterator[Document]:
    """Read the documents one by one, in the order of their paths, for who needs not keep them."""
    return (_read_document(root, path, schema) for path in document_paths(root))


def document_paths(root: Path) -> Iterator[str]:
    """The paths of all documents, relative to the base, in code point order."""
    return (path for path in _markdown_paths(root) if not is_page(path.partition("/")[2]))


def page_paths(root: Path) -> Iterator[str]:
    """The paths of all hand-written pages, relative to the base, in code point order."""
    return (path for path in _markdown_paths(root) if is_page(path.partition("/")[2]))


def hand_pages(root: Path) -> Iterator[HandPage]:
    """Read the hand-written pages. Front matter may be left out; of it, only `title` counts."""
    return (_read_page(root, path) for path in page_paths(root))


def _read_page(root: Path, path: str) -> HandPage:
    data = _read_regular(root / path)
    if not isinstance(data, bytes):
        return HandPage(path, "", "", data)
    source = front_matter.read(data)
    if source.root is None:
        if any(fault.rule != "no-front-matter" for fault in source.faults):
            return HandPage(path, "", "", source.faults[0].finding.message)
        return HandPage(path, "", "\n".join(source.lines))
    title = source.root.get("title")
    return HandPage(
        path,
        title.text.strip() if isinstance(title, Scalar) else "",
        "\n".join(source.lines[source.body_line :]),
    )


def read_picture(root: Path, path: str) -> bytes | None:
    """A picture below `cases/`; None when there is none that may be published.

    Only regular files of at most 10 MiB whose bytes are those of a PNG, JPEG, WebP or GIF.
    """
    parts = path.split("/")
    if parts[0] != CONTENT or any(part in ("", "..") or part.startswith(".") for part in parts[1:]):
        return None
    if any((root / "/".join(parts[:n])).is_symlink() for n in range(2, len(parts))):
        return None
    data = _read_regular(root / path, _LARGEST_PICTURE)
    if not isinstance(data, bytes) or len(data) > _LARGEST_PICTURE:
        return None
    ending = path.rpartition(".")[2].lower()
    return data if any(data.startswith(start) for start in _PICTURES.get(ending, ())) else None


def is_page(path: str) -> bool:
    """Whether a path relative to `cases/` is a hand-written page."""
    return path == PAGES[0] or path.startswith(PAGES[1])


def _markdown_paths(root: Path) -> list[str]:
    if not (root / CONTENT).is_dir():
        raise KbError(f"{root} 里没有 {CONTENT}/ 文件夹：这里不是知识库；用 kb init 新建一个")
    paths = []
    # Not by recursion: folders may be nested deeper than Python's stack.
    folders = [f"{CONTENT}/"]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(root / prefix) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{prefix}{entry.name}/")
                    elif entry.name.endswith(".md"):
                        paths.append(prefix + entry.name)
        except OSError as error:
            raise KbError(f"读不了文件夹 {prefix}：{error.strerror}") from error
    return sorted(paths)


def _read_document(root: Path, path: str, schema: Schema) -> Document:
    data = _read_regular(root / path)
    if isinstance(data, bytes):
        return document.build(path, data, schema)
    fault = Fault("unsafe-file", Finding(Span(1, 1), data, "换成普通文件"))
    empty = document.build(path, b"", schema)
    return replace(empty, faults=(fault,), readable=False)


def _read_regular(path: Path, limit: int = front_matter.MAX_BYTES) -> bytes | str:
    """The bytes of a regular file, one more than the limit at most; or why it isn't read."""
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        return "是符号链接，不读取" if path.is_symlink() else f"读不了：{error.strerror}"
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "不是普通文件，不读取"
        return file.read(limit + 1)


def load_settings(root: Path) -> Settings:
    """Read `site_config/`. Raises KbError naming file, line and column of the first thing wrong."""
    folder = root / CONFIG
    if not folder.is_dir():
        raise KbError(f"{root} 里没有 {CONFIG}/ 文件夹：这里不是知识库；用 kb init 新建一个")
    vocabularies = {
        path.stem: _vocabulary(Config(root, f"{CONFIG}/taxonomy/{path.name}"), path.stem)
        for path in sorted((folder / "taxonomy").glob("*.yml"))
    }
    vocabularies["roles"] = _vocabulary(Config(root, f"{CONFIG}/roles.yml"), "roles")
    _check_parents(vocabularies)
    schema = _schema(Config(root, f"{CONFIG}/schema.yml"), vocabularies)
    return Settings(
        schema=schema,
        vocabularies=vocabularies,
        statistics=_statistics(Config(root, f"{CONFIG}/statistics.yml", optional=True)),
        counterpoints=_counterpoints(Config(root, f"{CONFIG}/counterpoints.yml", optional=True)),
        glossary=_glossary(Config(root, f"{CONFIG}/glossary.yml", optional=True)),
        synonyms=tuple(tuple(line.split()) for line in _lines(root, f"{CONFIG}/synonyms.txt")),
        dictionary=tuple(_lines(root, f"{CONFIG}/dictionary.txt")),
        digest=_digest(folder),
    )


def load_template(root: Path, kind: Kind) -> tuple[str, ...]:
    """The lines of what the owner wants in the sections of a new document; none without a file."""
    text = _read_config(root, f"{CONFIG}/templates/{kind.name}.md")
    return () if text is None else tuple(text.splitlines())


def _read_config(root: Path, path: str) -> str | None:
    try:
        return (root / path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise KbError(f"{path}: 不是 UTF-8 编码；请另存为 UTF-8") from error
    except OSError as error:
        raise KbError(f"读不了 {path}：{error.strerror}") from error


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(os.fsencode(path.relative_to(folder)) + b"\0")
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise KbError(f"读不了 {path}：{error.strerror}") from error
    return digest.hexdigest()


def _lines(root: Path, path: str) -> Iterator[str]:
    for line in (_read_config(root, path) or "").splitlines():
        words = line.partition("#")[0].strip()
        if words:
            yield words


class Config:
    """A settings file with the readers of its values; anything unexpected is a KbError."""

    def __init__(self, root: Path, path: str, *, optional: bool = False) -> None:
        self.path = path
        self.root: Node | None = None
        text = _read_config(root, path)
        if text is None:
            if optional:
                return
            raise KbError(f"缺少 {path}")
        self.root, faults = front_matter.read_yaml(text)
        if faults:
            finding = faults[0].finding
            raise self.error(finding.span, f"{finding.message}；{finding.hint}".rstrip("；"))

    def error(self, span: Span, message: str) -> KbError:
        """What to raise for a value at `span` that can't be used."""
        return KbError(f"{self.path}:{span.line}:{span.column}: {message}")

    def entries(self, node: Node | None, *allowed: str) -> dict[str, Node]:
        """The entries of a mapping, empty where there is none; keys not `allowed` are an error."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return {}
        if not isinstance(node, Mapping):
            raise self.error(node.span, "这里应当是“名字: 值”")
        for key, _ in node.entries:
            if allowed and key.text not in allowed:
                raise self.error(key.span, f"不认识“{key.text}”；可以写：{'、'.join(allowed)}")
        return {key.text: value for key, value in node.entries}

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list; a single value is a list of one."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            return ()
        return node.items if isinstance(node, Sequence) else (node,)

    def text(self, node: Node | None, default: str = "") -> str:
        """A scalar without the spaces around it."""
        if node is None:
            return default
        if not isinstance(node, Scalar):
            raise self.error(node.span, "这里应当是一个词或一句话")
        return "" if node.text in ("null", "~") else node.text.strip()

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """A list of scalars."""
        return tuple(self.text(item) for item in self.items(node))

    def flag(self, node: Node | None) -> bool:
        """True or false; false where there is nothing."""
        text = self.text(node, "false")
        if text not in ("true", "false"):
            assert node is not None
            raise self.error(node.span, f"这里应当是 true 或 false，不是“{text}”")
        return text == "true"

    def number(self, node: Node | None) -> int | None:
        """A whole number; None where there is nothing."""
        if node is None:
            return None
        text = self.text(node)
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise self.error(node.span, f"这里应当是整数，不是“{text}”")
        return int(text)


def _vocabulary(config: Config, name: str) -> Vocabulary:
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


def _check_parents(vocabularies: dict[str, Vocabulary]) -> None:
    for vocabulary in vocabularies.values():
        parents = vocabularies.get(vocabulary.parent)
        if vocabulary.parent and parents is None:
            raise KbError(f"词表 {vocabulary.name} 的 parent“{vocabulary.parent}”不是词表的名字")
        for value in vocabulary:
            if parents is not None and value.parent not in parents.values:
                raise KbError(
                    f"词表 {vocabulary.name} 的“{value.label}”要写 parent，值是 {parents.name} 里的编号"
                )
            if value.deputy and value.deputy not in vocabulary.values:
                raise KbError(
                    f"词表 {vocabulary.name} 的“{value.label}”的 deputy“{value.deputy}”不在词表里"
                )


_FIELD_KEYS = (
    "label", "type", "many", "needed", "waived", "facet", "weight", "min", "max", "help",
    "vocabulary", "kind", "none", "fields",
)  # fmt: skip
_KIND_KEYS = (
    "label", "id", "folder", "address", "sections", "short_sections", "short_when", "fields",
)  # fmt: skip


def _schema(config: Config, vocabularies: dict[str, Vocabulary]) -> Schema:
    top = config.entries(config.root, "version", "groups", "kinds")
    if config.text(top.get("version")) != "1":
        raise KbError(f"{config.path}: 只认识 version: 1 的格式")
    shared = config.entries(top.get("groups"))
    kinds: dict[str, Kind] = {}
    for name, node in config.entries(top.get("kinds")).items():
        parts = config.entries(node, *_KIND_KEYS)
        if "{number" not in config.text(parts.get("id")):
            raise config.error(node.span, f"{name} 的 id 里要有序号，例如 PB-{{number:3}}")
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
    for kind in kinds.values():
        for spec in kind.fields.values():
            if spec.type is FieldType.REFERENCE and spec.reference_kind not in kinds:
                raise KbError(
                    f"{config.path}: 字段 {spec.name} 的 kind 应当是 {'、'.join(kinds)} 之一"
                )
    return Schema(kinds)


def _field(
    config: Config,
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
            # A shared group has no groups of its own, lest one contain itself.
            inner, shared = shared.get(inner.text), {}
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


def _statistics(config: Config) -> dict[str, Statistic]:
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


def _counterpoints(config: Config) -> tuple[Counterpoint, ...]:
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


def _glossary(config: Config) -> tuple[Term, ...]:
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
