"""From a base to what advice on a complaint needs of it."""

from __future__ import annotations

from kb_builder import loader
from kb_builder.browser import AdviceData
from kb_builder.insight.guidance import Guidance, facts_of, guidance_of
from kb_builder.loader import Base
from kb_builder.model.corpus import Corpus
from kb_builder.privacy.portable import portable

CASE, PLAYBOOK = "case", "playbook"


def guidance(base: Base, listed: Corpus) -> Guidance:
    """The guidance of a base; only documents in `listed` are shown to anybody."""
    case = base.settings.schema.kinds[CASE]
    template = loader.load_template(base.root, case)
    return guidance_of(base.settings, listed, base.corpus.documents, template)


def advice_of(base: Base, listed: Corpus) -> AdviceData:
    """What the browser needs of a base for the page 找先例."""
    cases = (listed.by_id[id_] for id_ in listed.ids.get(CASE, ()))
    settings = base.settings
    roles = [name for role in settings.roles for name in (role.label, *role.aliases)]
    facts = [facts_of(case, listed) for case in cases]
    return AdviceData(guidance(base, listed), facts, portable(settings.privacy, roles))
