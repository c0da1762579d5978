"""What a site was made of: kept beside it, so that the next build knows what it need not make again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kb_builder.site.asking import Asked
from kb_builder.site.shell import Variant
from kb_builder.site.sights import Seals

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class MadePage:
    """What a page was made of: its document (see `sights.name_of`) or a seal of all it shows, the variant of the shell
    and what this looked like; of a document's page also the seals of the document, and what it asked of the rest of
    the base. `listed`: the site map names it.
    """

    source: str
    variant: Variant
    shell: str
    listed: bool
    seals: Seals | None = None
    asked: Asked = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadePart:
    """What pages and files that were made together were made of (`seal`), which ones they are (addresses and paths),
    and what was told of them elsewhere.
    """

    seal: str
    pages: tuple[str, ...]
    files: tuple[str, ...]
    told: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """A site as it was made: the SHA-256 of its files by path, its pages by address, its parts by name.

    `program` stands for what made it, `about` also for all that every page depends on.
    """

    program: str = ""
    about: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, MadePage] = field(default_factory=dict)
    parts: Mapping[str, MadePart] = field(default_factory=dict)

    def by(self, program: str) -> Record:
        """This record if this program made the site, else an empty one; without a program always that."""
        return self if program and program == self.program else Record()

    def of(self, about: str) -> Record:
        """This record without what depends on anything else than `about`."""
        return self if about == self.about else replace(self, pages={}, parts={})

    @property
    def seals(self) -> Mapping[str, Seals]:
        """The seals of the documents that had a page, by `sights.name_of`."""
        return {page.source: page.seals for page in self.pages.values() if page.seals is not None}

    def encode(self) -> bytes:
        """The record as bytes."""
        shells: dict[tuple[Variant, str], int] = {}
        pages = {
            address: [
                page.source,
                shells.setdefault((page.variant, page.shell), len(shells)),
                page.listed,
                page.seals,
                [[*question, answer] for question, answer in page.asked.items()],
            ]
            for address, page in self.pages.items()
        }
        parts = {
            name: [part.seal, part.pages, part.files, part.told]
            for name, part in self.parts.items()
        }
        about = [self.program, self.about]
        content = [_FORMAT, about, dict(self.files), list(shells), pages, parts]
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
        (program, about), files, shells, pages, parts = content
        known = [((levels, section, toc), shell) for (levels, section, toc), shell in shells]
        return cls(
            program,
            about,
            files,
            {
                address: MadePage(
                    source,
                    known[shell][0],
                    known[shell][1],
                    listed,
                    None if seals is None else tuple(seals),
                    {tuple(question): answer for *question, answer in asked},
                )
                for address, (source, shell, listed, seals, asked) in pages.items()
            },
            {
                name: MadePart(seal, tuple(addresses), tuple(paths), told)
                for name, (seal, addresses, paths, told) in parts.items()
            },
        )
