from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb_builder.browser import lists
from kb_builder.browser.bits import BitReader, BitWriter, unzigzag, zigzag
from kb_builder.browser.keys import (
    Alphabet,
    Key,
    Scheme,
    ShardWriter,
    read_list,
    read_shard,
    shard_of,
)
from kb_builder.browser.lists import Centres, Postings

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
    lists.encode(out, given_, 300, CENTRES, CENTRES)
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
            bits = readers.setdefault(located.file, BitReader(shards.files[located.file]))
            found[located.key.text] = read_list(bits, located.key, scheme)
    assert {
        text: (list(p.documents), list(p.impacts), list(p.words)) for text, p in found.items()
    } == {text: (list(p.documents), list(p.impacts), list(p.words)) for text, p in expected.items()}
