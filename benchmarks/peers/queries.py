"""Which documents and queries the engines get, and the two or three words a person in a hurry would type."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from evaluation import EvaluationSet

MOST_WORDS = 3
FEWEST_WORDS = 2


def keywords(words: Sequence[str], holding: Callable[[str], int], documents: int) -> str | None:
    """The words of highest idf, as they stand in the query; None when there are fewer than two.

    Words of one character and words that no document holds don't count: the one says little, and for the
    other every answer is wrong. Of two equal words, the earlier one is taken.
    """
    weights = {
        word: math.log(documents / frequency)
        for word in dict.fromkeys(words)
        if len(word) > 1 and (frequency := holding(word))
    }
    best = sorted(weights, key=lambda word: -weights[word])[:MOST_WORDS]
    if len(best) < FEWEST_WORDS:
        return None
    return " ".join(word for word in weights if word in best)


def keyword_queries(queries: Mapping[str, str], texts: Sequence[str]) -> dict[str, str]:
    """The same queries by keywords; those with too few words are left out.

    Words are jieba's, of letters and digits only. A document holds a word if the word stands in its text, as a
    reader's Ctrl-F finds it: so the rule favours no engine's way to cut.
    """
    import jieba

    tokenizer = jieba.Tokenizer()
    jieba.setLogLevel("ERROR")

    @cache
    def holding(word: str) -> int:
        return sum(word in text for text in lowered)

    lowered = [text.lower() for text in texts]
    short = {}
    for id_, query in queries.items():
        words = [word for word in tokenizer.lcut(query.lower(), HMM=False) if word.isalnum()]
        if (found := keywords(words, holding, len(texts))) is not None:
            short[id_] = found
    return short


def sample(data: EvaluationSet, documents: int, queries: int) -> EvaluationSet:
    """At most so many of both, by lot but always the same; every query keeps its right answers."""
    rng = random.Random(3)
    chosen = sorted(rng.sample(sorted(data.queries), min(queries, len(data.queries))))
    right = {id_ for query in chosen for id_ in data.judgements.get(query, {})}
    if len(right) > documents:
        raise ValueError(f"{len(right)} right answers do not fit into {documents} documents")
    others = rng.sample(sorted(data.documents), len(data.documents))
    ids = sorted([*right, *(id_ for id_ in others if id_ not in right)][:documents])
    return EvaluationSet(
        data.name,
        {id_: data.documents[id_] for id_ in ids},
        {query: data.queries[query] for query in chosen},
        data.judgements,
    )
