"""Pages and files that are made together, such as all lists or a report: made again only where what they see has
changed, and then put again only where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kb_builder.site.catalogue import Catalogue
from kb_builder.site.output import Output
from kb_builder.site.pages import Asset, Piece, SealedPage, SitePage
from kb_builder.site.record import MadePage, MadePart, Record
from kb_builder.site.shell import Shell
from kb_builder.site.sights import Sight, Sights, seal_of


@dataclass(frozen=True, slots=True)
class Part:
    """Pages and files that are made together, from what `sight` shows of the documents and from nothing else that
    can change but the settings and what `given` stands for.

    `tell` says what is told of them elsewhere, as JSON has it.
    """

    name: str
    sight: Sight
    make: Callable[[Catalogue], Iterable[Piece]]
    given: str = ""
    tell: Callable[[Catalogue], Any] | None = None

    def seal(self, sights: Sights) -> str:
        """Changes with all that it is made of."""
        return seal_of((self.sight, sights.seal(self.sight), self.given))

    def told(self, sights: Sights, before: Record) -> Any:
        """What is told of it, from the record of the site before if that would be the same."""
        made = before.parts.get(self.name)
        if made is not None and made.seal == self.seal(sights):
            return made.told
        return self.tell(sights.catalogue(self.sight)) if self.tell else None


@dataclass(frozen=True, slots=True)
class Previous:
    """A site made before, where it is, and its record as far as it can be used."""

    folder: Path
    record: Record

    def give(self, output: Output, path: str) -> bool:
        """Put a file as it is there; False, and nothing, when there is no such file."""
        return output.take(path, self.folder, self.record.files.get(path, ""))


class PartPages:
    """Puts parts into a site in the making. `pages` and `parts` become those of its record."""

    def __init__(self, sights: Sights, shell: Shell, output: Output, previous: Previous) -> None:
        self.pages: dict[str, MadePage] = {}
        self.parts: dict[str, MadePart] = {}
        self.taken: set[str] = set()
        """The names of the parts that would have been the same."""
        self._sights = sights
        self._shell = shell
        self._output = output
        self._previous = previous

    def put(self, part: Part) -> Iterator[tuple[str, bool]]:
        """Put all that belongs to a part; gives the address of each page, and whether the site map names it."""
        made = self._previous.record.parts.get(part.name)
        if made is not None and made.seal == part.seal(self._sights) and self._take(made):
            self.parts[part.name] = made
            self.taken.add(part.name)
        else:
            self.parts[part.name] = self._make(part)
        for address in self.parts[part.name].pages:
            yield address, self.pages[address].listed

    def _take(self, made: MadePart) -> bool:
        """Take everything from the site before; False when something of it isn't as it would be."""
        before = self._previous.record
        pages = {address: before.pages[address] for address in made.pages}
        if not all(self._shell.digest(page.variant) == page.shell for page in pages.values()):
            return False
        self.pages |= pages
        paths = (*map(path_of, made.pages), *made.files)
        return all(self._previous.give(self._output, path) for path in paths)

    def _make(self, part: Part) -> MadePart:
        catalogue = self._sights.catalogue(part.sight)
        pages, files = [], []
        for piece in part.make(catalogue):
            if isinstance(piece, Asset):
                self._output.put(piece.path, piece.data)
                files.append(piece.path)
            else:
                pages.append(self._page(piece))
        told = part.tell(catalogue) if part.tell else None
        return MadePart(part.seal(self._sights), tuple(pages), tuple(files), told)

    def _page(self, piece: SitePage | SealedPage) -> str:
        """Put a page, from the site before if that has the same; gives its address."""
        frame = piece.frame if isinstance(piece, SealedPage) else piece
        address, variant = frame.address, self._shell.variant(frame)
        inner = piece.seal if isinstance(piece, SealedPage) else ""
        made = MadePage(
            seal_of((repr(replace(frame, content=Markup())), inner)) if inner else "",
            variant,
            self._shell.digest(variant),
            frame.listed,
        )
        self.pages[address] = made
        before = self._previous.record.pages.get(address)
        same = made.source and before == made
        if not (same and self._previous.give(self._output, path_of(address))):
            page = piece.made() if isinstance(piece, SealedPage) else piece
            self._output.page(address, self._shell.stamp(page))
        return address


def path_of(address: str) -> str:
    """The file of a page."""
    return f"{address}index.html"
