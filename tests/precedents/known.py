"""What the cues of this repository know of a text, without any case beside it."""

from __future__ import annotations

from kb_builder.insight.guidance import guidance_of
from kb_builder.insight.judging import Lexicon, judge
from kb_builder.model.corpus import Corpus
from kb_builder.model.settings import Settings


class Known:
    """Judges texts by the cues of a base alone."""

    def __init__(self, settings: Settings) -> None:
        guidance = guidance_of(settings, Corpus(()), (), ())
        self._fields = guidance.fields
        self._lexicon = Lexicon(guidance.cues)

    def __call__(self, field: str, text: str) -> list[str]:
        """The values of a field that hold for a text, best first."""
        fields, _ = judge(text, (), self._lexicon, self._fields)
        (judged,) = (each for each in fields if each.field == field)
        return [each.value for each in judged.known()]
