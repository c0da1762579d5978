"""Pages of documents that need not be made again, because they would be what they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from kb_builder.model.document import Document
from kb_builder.site.asking import Answers, Asked, AskingCatalogue, AskingResolver, link_answer
from kb_builder.site.assembly import Assembly
from kb_builder.site.links import Resolver
from kb_builder.site.markdown import ConversionError, Converter
from kb_builder.site.shell import Shell, Variant

_FORMAT = 1
_LIBRARIES = (
    "Markdown",
    "pymdown-extensions",
    "nh3",
    "Jinja2",
    "MarkupSafe",
    "mkdocs",
    "mkdocs-material",
)
"""Those that make a page of a document."""


@dataclass(frozen=True, slots=True)
class MadePage:
    """What a page was made of: its document, the variant of the shell and what this looked like, and what it
    asked of the rest of the base. `listed`: the site map names it.
    """

    document: str
    variant: Variant
    shell: str
    listed: bool
    asked: Asked


@dataclass(frozen=True, slots=True)
class Record:
    """A site as it was made: the SHA-256 of its files by path, its pages of documents by address.

    `about` stands for all that every page depends on.
    """

    about: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, MadePage] = field(default_factory=dict)

    def encode(self) -> bytes:
        """The record as bytes."""
        rows = {
            address: [
                page.document,
                list(page.variant),
                page.shell,
                page.listed,
                [[*question, answer] for question, answer in page.asked.items()],
            ]
            for address, page in self.pages.items()
        }
        content = [_FORMAT, self.about, dict(self.files), rows]
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def decode(cls, data: bytes) -> Record:
        """The record in these bytes; an empty one if they are damaged or of another version."""
        checksum, _, body = data.partition(b"\n")
        if checksum != hashlib.sha256(body).hexdigest().encode():
            return cls()
        form, *content = json.loads(body)
        if form != _FORMAT:
            return cls()
        about, files, rows = content
        pages = {}
        for address, (document, (levels, section, has_toc), shell, listed, asked) in rows.items():
            questions = {tuple(question): answer for *question, answer in asked}
            pages[address] = MadePage(
                document, (levels, section, has_toc), shell, listed, questions
            )
        return cls(about, files, pages)


@dataclass(frozen=True, slots=True)
class Ready:
    """A page of a document; `html` is None for one that would be what it was."""

    address: str
    listed: bool
    html: str | None


class DocumentPages:
    """The pages of the documents of a site in the making."""

    def __init__(self, assembly: Assembly, shell: Shell, before: Record, program: str) -> None:
        self._assembly = assembly
        self._shell = shell
        self._answers = Answers(assembly.catalogue)
        self._asking = AskingCatalogue(assembly.catalogue, self._answers)
        self.about = _about(assembly, program)
        self.made: dict[str, MadePage] = {}
        self._before = before.pages if program and before.about == self.about else {}

    def pages(self) -> Iterator[Ready]:
        """Every page, in the order of documents."""
        for document in self._assembly.catalogue.corpus.documents:
            address = self._assembly.catalogue.address(document)
            before = self._before.get(address)
            if before is not None and self._stands(before, document):
                self.made[address] = before
                yield Ready(address, before.listed, None)
            else:
                yield self.make(document)

    def make(self, document: Document) -> Ready:
        """One page, made anew."""
        asked = self._asking.begin()
        resolver = AskingResolver(self._assembly.resolver(document), asked)
        page = self._assembly.document_page(document, self._asking, resolver)
        variant = self._shell.variant(page)
        self.made[page.address] = MadePage(
            _name(document), variant, self._shell.digest(variant), page.listed, asked
        )
        return Ready(page.address, page.listed, self._shell.stamp(page))

    def preview(self, document: Document) -> str | None:
        """The page of a document that has changed since, with everything else as it was; None if its body can't
        be converted.
        """
        try:
            parts = Converter().convert(document.body)
        except ConversionError:
            return None
        assembly = self._assembly
        changed = replace(assembly, converted={**assembly.converted, document.path: parts})
        resolver = changed.resolver(document)
        return self._shell.stamp(changed.document_page(document, assembly.catalogue, resolver))

    def _stands(self, before: MadePage, document: Document) -> bool:
        """Whether a page would be what it was."""
        if before.document != _name(document) or before.shell != self._shell.digest(before.variant):
            return False
        resolver = self._assembly.resolver(document)
        if not all(self._answer(each, resolver) == answer for each, answer in before.asked.items()):
            return False
        self._assembly.report(document.path, resolver)
        return True

    def _answer(self, question: tuple[str, ...], resolver: Resolver) -> str:
        if question[0] == "link":
            return link_answer(resolver(question[1]))
        return self._answers.answer(question)


def _about(assembly: Assembly, program: str) -> str:
    catalogue = assembly.catalogue
    parts = (
        program,
        [version(name) for name in _LIBRARIES],
        catalogue.settings.digest,
        catalogue.site_name,
        catalogue.site_url,
        sorted(catalogue.choices),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _name(document: Document) -> str:
    return f"{document.path} {document.digest}"
