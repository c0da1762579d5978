"""Personal data in text: what it is, where it stands, and how to take it out."""

from kb_builder.privacy.categories import Category
from kb_builder.privacy.gate import Disclosure, Gate, masked
from kb_builder.privacy.redaction import Marks, redact

__all__ = ["Category", "Disclosure", "Gate", "Marks", "masked", "redact"]
