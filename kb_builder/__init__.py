"""Complaint cases, playbooks and lessons in Markdown, published as a searchable static site."""

__version__ = "0.1.0"
