from __future__ import annotations

import zlib

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from written import ShardWriter, best_parameter, encode

from kb_builder import ranking
from kb_builder.analysis.analyzer import KINDS, Analyzer
from kb_builder.browser import codes, lists
from kb_builder.browser.bits import BitReader, BitWriter, unzigzag, zigzag
from kb_builder.browser.encoding import Keys
from kb_builder.browser.keys import HAS_HAN, Alphabet, Key, Scheme, read_list, read_shard, shard_of
from kb_builder.browser.lists import Centres, Postings
from kb_builder.browser.writing import Writer
from kb_builder.index import Entry
from kb_builder.index.counted import count_entry
from kb_builder.insight.inverted import Inversion, Terms

CENTRES = Centres(tuple(range(40, 56)), (3,) * lists.SMALL)


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 12))))
def test_numbers_come_back(pairs: list[tuple[int, int]]) -> None:
    out = BitWriter()
    for number, k in pairs:
        out.rice(number, k)
    bits = BitReader(out.bytes())
    assert [bits.rice(k) for _, k in pairs] == [number for number, _ in pairs]


@given(st.integers(-(2**20), 2**20))
def test_signed_numbers_come_back(number: int) -> None:
    assert unzigzag(zigzag(number)) == number


impacts = st.integers(1, 255)


@st.composite
def postings(draw: st.DrawFn, most: int = 300) -> Postings:
    numbers = sorted(draw(st.sets(st.integers(0, most - 1), min_size=1)))
    values = [draw(impacts) for _ in numbers]
    words = [draw(st.sampled_from([0, 0, 7, 100, 255])) for _ in numbers]
    return Postings(numbers, values, words if any(words) else ())


@given(postings())
def test_lists_come_back(given_: Postings) -> None:
    out = BitWriter()
    encode(out, given_, 300, CENTRES, CENTRES)
    count, words = len(given_.documents), sum(value > 0 for value in given_.words)
    back = lists.decode(BitReader(out.bytes()), count, words, 300, CENTRES, CENTRES)
    assert list(back.documents) == list(given_.documents)
    assert list(back.impacts) == list(given_.impacts)
    assert list(back.words) == list(given_.words)


@given(
    st.dictionaries(st.text("投诉处理客户a1𠮷", min_size=2, max_size=5), postings(), min_size=1),
    st.sampled_from([20, 100, 1000]),
)
def test_every_key_is_in_exactly_one_shard(given_: dict[str, Postings], most: int) -> None:
    alphabet = Alphabet.of("投诉处理客户a1𠮷")
    scheme = Scheme(300, CENTRES, CENTRES, CENTRES, CENTRES)
    writer = ShardWriter(scheme, alphabet, most)
    expected = {}
    for text in sorted(given_):
        held = given_[text]
        if len(text) > 2:
            held = Postings(held.documents, held.impacts)
        words = len(held.documents) if len(text) > 2 else sum(v > 0 for v in held.words)
        expected[text] = held
        writer.add(Key(text, len(held.documents), words), held)
    shards = writer.finish()
    found: dict[str, Postings] = {}
    for number, data in enumerate(shards.terms):
        keys = list(read_shard(data, scheme, alphabet))
        readers: dict[int, BitReader] = {}
        for located in keys:
            assert located.key.text not in found
            assert shard_of(located.key.text, alphabet, len(shards.terms)) == number
            if located.postings is not None:
                found[located.key.text] = located.postings
                continue
            file = shards.files[number][located.file]
            assert located.check_sum == zlib.crc32(file)
            bits = readers.setdefault(located.file, BitReader(file))
            found[located.key.text] = read_list(bits, located.key, scheme)
    assert {
        text: (list(p.documents), list(p.impacts), list(p.words)) for text, p in found.items()
    } == {text: (list(p.documents), list(p.impacts), list(p.words)) for text, p in expected.items()}


ANALYZER = Analyzer()
TEXTS = st.lists(st.text("投诉处理客户的了a1", max_size=30), min_size=1, max_size=40)


def _invert(texts: list[str]) -> Inversion:
    entries = [Entry("", "case", "", "", (("body", 1, text),), {}) for text in texts]
    return Inversion.made([count_entry(entry, ANALYZER) for entry in entries])


def _held(terms: Terms, text: str) -> dict[int, int]:
    """Documents and impacts of a term, looked up one by one."""
    if text not in terms.names:
        return {}
    place = terms.names.index(text)
    own = slice(terms.starts[place], terms.starts[place + 1])
    return dict(zip(terms.docnums[own].tolist(), terms.impacts[own].tolist(), strict=True))


@given(TEXTS, st.sampled_from([20, 100, 1000]))
@settings(max_examples=60)
def test_all_keys_at_once_are_written_as_key_by_key(texts: list[str], most: int) -> None:
    inversion = _invert(texts * 2)
    keys = Keys(inversion)
    alphabet = Alphabet.of("".join(keys.texts))
    scheme = Scheme.of(inversion.documents)
    kinds: dict[str, Terms] = {kind: inversion.terms(kind) for kind in KINDS}
    one_by_one = ShardWriter(scheme, alphabet, most)
    for text in keys.texts:
        base = "char" if len(text) == 1 else "bigram"
        base = base if HAS_HAN.search(text) else "infix"
        held = _held(kinds["word" if len(text) > 2 else base], text)
        as_word = _held(kinds["word"], text)
        words = [as_word.get(docnum, 0) for docnum in held] if len(text) < 3 and as_word else ()
        key = Key(text, len(held), len(as_word))
        one_by_one.add(key, Postings(list(held), list(held.values()), words))
    expected = one_by_one.finish()
    made = Writer(keys, scheme, alphabet).write(np.ones(len(keys.texts), bool), most)
    assert (list(made.terms), list(made.files)) == (list(expected.terms), list(expected.files))


@given(TEXTS)
@settings(max_examples=50)
def test_impacts_in_arrays_are_those_of_the_formula(texts: list[str]) -> None:
    inversion = _invert(texts)
    entries = [Entry("", "case", "", "", (("body", 1, text),), {}) for text in texts]
    counted = [count_entry(entry, ANALYZER) for entry in entries]
    for place, kind in enumerate(KINDS):
        lengths = [each.lengths()[place] for each in counted]
        dampings = ranking.dampings(lengths, len(texts))
        terms = inversion.terms(kind)
        for text in terms.names:
            held = {n: c for n, each in enumerate(counted) if (c := each.of(place).get(text, 0))}
            weight = ranking.term_weight(kind, len(texts), len(held))
            assert _held(terms, text) == {
                n: ranking.impact(weight, count, dampings[n]) for n, count in held.items()
            }


@given(st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 12)), min_size=1))
def test_many_numbers_are_written_as_one_by_one(pairs: list[tuple[int, int]]) -> None:
    out = BitWriter()
    for number, k in pairs:
        out.rice(number, k)
    numbers, ks = np.array(pairs, np.int64).T
    assert codes.pack(codes.rice(numbers, ks), [len(pairs)]) == [out.bytes()]
    groups = [len(pairs) - len(pairs) // 2, len(pairs) // 2]
    groups = [size for size in groups if size]
    cut = [numbers.tolist()[: groups[0]], numbers.tolist()[groups[0] :]]
    best = [best_parameter(each) for each in cut if each]
    assert codes.best_parameters(numbers, np.array(groups)).tolist() == best


@given(st.lists(st.integers(0, 2**40), min_size=1))
def test_bit_lengths(numbers: list[int]) -> None:
    assert codes.bit_lengths(np.array(numbers)).tolist() == [n.bit_length() for n in numbers]
