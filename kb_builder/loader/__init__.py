"""The only reader of `cases/` and `site_config/`: one module for the documents, one for each kind of settings file."""

from kb_builder.caches import STATE
from kb_builder.loader.config import CONFIG, Config
from kb_builder.loader.content import (
    CONTENT,
    PAGES,
    Base,
    HandPage,
    corpus_of,
    document_bytes,
    document_paths,
    documents,
    hand_pages,
    is_page,
    load,
    load_corpus,
    page_paths,
    read_document,
    read_picture,
)
from kb_builder.loader.following import FollowedBase
from kb_builder.loader.narrowing import audience_of, for_audience
from kb_builder.loader.settings import load_settings, load_template

__all__ = [
    "CONFIG",
    "CONTENT",
    "PAGES",
    "STATE",
    "Base",
    "Config",
    "FollowedBase",
    "HandPage",
    "audience_of",
    "corpus_of",
    "document_bytes",
    "document_paths",
    "documents",
    "for_audience",
    "hand_pages",
    "is_page",
    "load",
    "load_corpus",
    "load_settings",
    "load_template",
    "page_paths",
    "read_document",
    "read_picture",
]
