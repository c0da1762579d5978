"""Reads the schema, the vocabularies and what else the owner of a base declares."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from kb_builder import storage
from kb_builder.diagnostics import KbError
from kb_builder.loader.audiences import AUDIENCES, read_audience
from kb_builder.loader.checks import read_checks
from kb_builder.loader.config import CONFIG, Config, lines, read
from kb_builder.loader.cues import read_cues, read_sayings
from kb_builder.loader.privacy import PRIVACY, read_privacy
from kb_builder.loader.reports import report_settings
from kb_builder.model.audience import VISIBILITY, asking_visibility
from kb_builder.model.front_matter import Node, Scalar
from kb_builder.model.schema import FieldSpec, FieldType, Kind, Needed, Schema
from kb_builder.model.settings import Claim, Counterpoint, Settings, Statistic, Term
from kb_builder.model.taxonomy import Value, Vocabulary


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
    audience = read_audience(Config(root, f"{CONFIG}/{AUDIENCES}", optional=True), schema)
    if audience is not None:
        schema = asking_visibility(schema)
    return Settings(
        schema=schema,
        vocabularies=vocabularies,
        statistics=_statistics(Config(root, f"{CONFIG}/statistics.yml", optional=True)),
        counterpoints=_counterpoints(Config(root, f"{CONFIG}/counterpoints.yml", optional=True)),
        glossary=_glossary(Config(root, f"{CONFIG}/glossary.yml", optional=True)),
        synonyms=tuple(tuple(line.split()) for line in lines(root, f"{CONFIG}/synonyms.txt")),
        dictionary=tuple(lines(root, f"{CONFIG}/dictionary.txt")),
        digest=_digest(folder),
        audience=audience,
        cues=read_cues(Config(root, f"{CONFIG}/cues.yml", optional=True), vocabularies),
        sayings=read_sayings(Config(root, f"{CONFIG}/sayings.yml", optional=True)),
        privacy=read_privacy(Config(root, f"{CONFIG}/{PRIVACY}", optional=True)),
        reports=report_settings(Config(root, f"{CONFIG}/reports.yml", optional=True), schema),
        checks=read_checks(
            Config(root, f"{CONFIG}/checks.yml", optional=True),
            kinds=schema.kinds,
            severities=vocabularies["severity"].values if "severity" in vocabularies else (),
        ),
    )


def load_template(root: Path, kind: Kind) -> tuple[str, ...]:
    """The lines of what the owner wants in the sections of a new document; none without a file."""
    text = read(root, f"{CONFIG}/templates/{kind.name}.md")
    return () if text is None else tuple(text.splitlines())


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(os.fsencode(path.relative_to(folder)) + b"\0")
        try:
            digest.update(hashlib.sha256(storage.read(path)).digest())
        except storage.OddFileError:
            continue  # Who needs it says that it isn't read.
        except OSError as error:
            raise KbError(f"读不了 {path}：{error.strerror}") from error
    return digest.hexdigest()


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
        # What is nearly “公开” may have been meant otherwise, and can't be taken back.
        exact=name == VISIBILITY,
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
    "label", "type", "many", "needed", "waived", "facet", "shown", "internal", "weight", "min", "max", "help",
    "vocabulary", "kind", "none", "fields",
)  # fmt: skip
_ADDRESS = re.compile("[a-z][a-z0-9-]{0,30}")
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
        if not _ADDRESS.fullmatch(config.text(parts.get("address"))):
            raise config.error(node.span, f"{name} 的 address 只能用小写字母、数字和连字符，例如 c")
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
        shown="shown" not in parts or config.flag(parts["shown"]),
        internal=config.flag(parts.get("internal")),
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
