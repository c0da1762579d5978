"""The site map, for search engines of the intranet or the web."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape


def sitemap(site_url: str, addresses: Iterable[str]) -> bytes:
    """`sitemap.xml`; without dates, so that the same site has the same map."""
    lines = [
        f"<url><loc>{escape(site_url + quote(address))}</loc></url>"
        for address in sorted(set(addresses))
    ]
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>",
            "",
        )
    ).encode()
