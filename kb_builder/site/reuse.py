"""Pages of documents, of which those need not be made again that would be what they were."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import version

from kb_builder.model.document import Document
from kb_builder.site.asking import Answers, AskingCatalogue, AskingResolver, link_answer
from kb_builder.site.assembly import Assembly
from kb_builder.site.links import Resolver
from kb_builder.site.markdown import ConversionError
from kb_builder.site.output import Output
from kb_builder.site.parts import Previous, path_of
from kb_builder.site.record import MadePage
from kb_builder.site.shell import Shell
from kb_builder.site.sights import name_of, seal_of

_LIBRARIES = (
    "Markdown",
    "pymdown-extensions",
    "nh3",
    "Jinja2",
    "MarkupSafe",
    "mkdocs",
    "mkdocs-material",
    "opencc",
    "pypinyin",
    "altair",
    "vl-convert-python",
)
"""Those that make pages, or decide what stands where."""


class DocumentPages:
    """Puts the pages of the documents into a site in the making. `pages` become those of its record."""

    def __init__(
        self, assembly: Assembly, shell: Shell, output: Output, previous: Previous
    ) -> None:
        self.pages: dict[str, MadePage] = {}
        self._assembly = assembly
        self._shell = shell
        self._output = output
        self._previous = previous
        self._answers = Answers(assembly.catalogue)
        self._asking = AskingCatalogue(assembly.catalogue, self._answers)

    def put(self) -> Iterator[tuple[str, bool]]:
        """Put every page, in the order of documents; gives its address, and whether the site map names it.

        Raises ConversionError when a body can't be converted.
        """
        for document in self._assembly.catalogue.corpus.documents:
            address = self._assembly.catalogue.address(document)
            before = self._previous.record.pages.get(address)
            if (
                before is not None
                and self._stands(before, document)
                and self._previous.give(self._output, path_of(address))
            ):
                self.pages[address] = before
            else:
                self._make(document)
            yield address, self.pages[address].listed

    def _make(self, document: Document) -> None:
        asked = self._asking.begin()
        resolver = AskingResolver(self._assembly.resolver(document), asked)
        page = self._assembly.document_page(document, self._asking, resolver)
        variant = self._shell.variant(page)
        self.pages[page.address] = MadePage(
            name_of(document),
            variant,
            self._shell.digest(variant),
            page.listed,
            self._assembly.sights.seals[document.path],
            asked,
        )
        self._output.page(page.address, self._shell.stamp(page))

    def preview(self, document: Document) -> str | None:
        """The page of a document that has changed since, with everything else as it was; None if its body can't
        be converted.
        """
        resolver = self._assembly.resolver(document)
        try:
            page = self._assembly.document_page(document, self._assembly.catalogue, resolver)
        except ConversionError:
            return None
        return self._shell.stamp(page)

    def _stands(self, before: MadePage, document: Document) -> bool:
        """Whether a page would be what it was."""
        if before.source != name_of(document) or before.shell != self._shell.digest(before.variant):
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


def maker_of(program: str) -> str:
    """Changes with what makes pages; empty where nobody can say, for an empty `program`."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return seal_of((program, platform.python_version(), *libraries)) if program else ""
