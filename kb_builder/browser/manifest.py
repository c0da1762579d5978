"""The manifest: everything the client needs to know before it fetches a shard."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_builder.browser.bits import BitReader, BitWriter, gap_parameter
from kb_builder.browser.files import ShardSet, deflate, inflate, to_json
from kb_builder.browser.keys import Alphabet, Scheme
from kb_builder.browser.lists import Centres


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: readers see the label and may write any of id, label and aliases."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A field that readers filter by, with its values in the order in which lists show them."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """See FORMAT.md.

    `traditional` maps characters that fold to one of the alphabet; `block` documents are in one
    document shard; `years` are those of their dates, an empty one if some have none. Sets whose digest is the
    `layout` keep their names while it stays.
    """

    alphabet: Alphabet
    scheme: Scheme
    layout: str
    sets: Mapping[str, ShardSet]
    kinds: tuple[tuple[str, str], ...]
    years: tuple[str, ...]
    facets: tuple[Facet, ...]
    synonyms: tuple[tuple[str, ...], ...]
    traditional: Mapping[str, str]
    block: int


_CENTRES = ("char", "bigram", "infix", "word")


def encode(manifest: Manifest) -> bytes:
    """The bytes of a manifest."""
    scheme = manifest.scheme
    head = to_json(
        {
            "documents": scheme.documents,
            "alphabet": len(manifest.alphabet.characters),
            "traditional": len(manifest.traditional),
            "block": manifest.block,
            "layout": manifest.layout,
            "centres": {
                name: [getattr(scheme, name).centre, getattr(scheme, name).parameter]
                for name in _CENTRES
            },
            "sets": {
                name: [each.digest, each.count, each.pack] for name, each in manifest.sets.items()
            },
            "kinds": manifest.kinds,
            "years": manifest.years,
            "facets": [
                [f.name, f.label, [[c.id, c.label, *c.aliases] for c in f.choices]]
                for f in manifest.facets
            ],
            "synonyms": manifest.synonyms,
        }
    )
    out = BitWriter()
    characters = manifest.alphabet.characters
    _write_rising(out, [ord(char) for char in characters])
    width = manifest.alphabet.width
    ranks = manifest.alphabet.ranks
    sources = sorted(manifest.traditional)
    _write_rising(out, [ord(char) for char in sources])
    for char in sources:
        out.bits(ranks[manifest.traditional[char]], width)
    return deflate(len(head).to_bytes(4, "big") + head + out.bytes())


def decode(data: bytes) -> Manifest:
    """The manifest in these bytes."""
    raw = inflate(data)
    size = int.from_bytes(raw[:4], "big")
    head = json.loads(raw[4 : 4 + size])
    bits = BitReader(raw[4 + size :])
    alphabet = Alphabet.of(map(chr, _read_rising(bits, head["alphabet"])))
    characters, width = alphabet.characters, alphabet.width
    sources = [chr(code) for code in _read_rising(bits, head["traditional"])]
    traditional = {char: characters[bits.bits(width)] for char in sources}
    return Manifest(
        alphabet=alphabet,
        scheme=Scheme(
            head["documents"],
            **{name: Centres(*map(tuple, head["centres"][name])) for name in _CENTRES},
        ),
        layout=head["layout"],
        sets={name: ShardSet(name, *values) for name, values in head["sets"].items()},
        years=tuple(head["years"]),
        kinds=tuple((name, label) for name, label in head["kinds"]),
        facets=tuple(
            Facet(
                name, label, tuple(Choice(id_, text, tuple(rest)) for id_, text, *rest in choices)
            )
            for name, label, choices in head["facets"]
        ),
        synonyms=tuple(map(tuple, head["synonyms"])),
        traditional=traditional,
        block=head["block"],
    )


def _write_rising(out: BitWriter, numbers: Sequence[int]) -> None:
    """Numbers that grow, of which the reader knows how many there are."""
    if numbers:
        k = gap_parameter(numbers[-1] + 1, len(numbers))
        out.bits(k, 6)
        last = -1
        for number in numbers:
            out.rice(number - last - 1, k)
            last = number


def _read_rising(bits: BitReader, count: int) -> list[int]:
    numbers = []
    if count:
        k = bits.bits(6)
        last = -1
        for _ in range(count):
            last += bits.rice(k) + 1
            numbers.append(last)
    return numbers
