"""Which of several situations a text is told of, by what customers say in each: naive Bayes over characters
and pairs of them.

Nobody says what a playbook is called, and no two customers say the same. But of a few dozen short
sayings for each situation, many speak of the same things; what is told in a text is likeliest where
its characters and pairs were said most (McCallum & Nigam, *A Comparison of Event Models for Naive Bayes
Text Classification*, 1998; how often within one text makes no difference here). Logarithms
in whole numbers: `browser/client/advice/sayings.js` does the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from kb_builder.analysis.analyzer import stretches
from kb_builder.analysis.cutting import log2

# What was said once counts as much more than what was never said as 5 to 1.
_TIMES = 4
# Of less than this nothing can be said.
_LEAST = 6
# Makes 80 of one bit for each character or pair, where all tell as much.
_SCALE = 5


class Sayings:
    """What is said in each situation, ready to be compared with texts; all of it folded."""

    def __init__(self, says: Mapping[str, Sequence[str]]) -> None:
        counted = {
            id_: Counter(part for saying in said for part in _parts(saying))
            for id_, said in says.items()
            if said
        }
        self._gains: dict[str, list[tuple[str, int]]] = {}
        for id_, counts in counted.items():
            for part, count in counts.items():
                self._gains.setdefault(part, []).append((id_, log2(_TIMES * count + 1)))
        self._costs = {
            id_: log2(_TIMES * counts.total() + len(self._gains)) for id_, counts in counted.items()
        }

    def compare(self, text: str) -> dict[str, int]:
        """Situation → how likely it is the one of a text: 0 for the likeliest, less for the others.

        Parts of a text depend on each other: with twice as many, one isn't twice as sure. So the
        differences are divided by the square root of their number. Nothing where too little is known.
        """
        known = [gains for part in _parts(text) if (gains := self._gains.get(part)) is not None]
        if len(known) < _LEAST:
            return {}
        scores = {id_: -len(known) * cost for id_, cost in self._costs.items()}
        for gains in known:
            for id_, gain in gains:
                scores[id_] += gain
        best = max(scores.values())
        unit = math.isqrt(len(known) << 8)
        return {id_: _SCALE * (score - best) // unit for id_, score in scores.items()}


def _parts(text: str) -> set[str]:
    """The characters of a text and the pairs of neighbours."""
    parts: set[str] = set()
    for runs in stretches(text):
        stretch = "".join(runs)
        parts.update(stretch)
        parts.update(map(str.__add__, stretch, stretch[1:]))
    return parts
