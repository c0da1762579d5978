"""What the site's own pages say: one module a sort of page, values in, `SitePage` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from kb_builder.site.markdown import Heading


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page before it is stamped into the theme's shell.

    `address` is relative to the site's root and ends with a slash. `title` and `description` are
    plain text, `content` is HTML in which `links.ROOT` marks the way up. `section` is the entry of
    the navigation that is marked as current. Without `toc` the page uses the whole width.
    """

    address: str
    title: str
    description: str
    content: Markup
    section: str
    toc: tuple[Heading, ...] = ()
    listed: bool = True
    """Whether the site map names it."""
    feed: str = ""
    """The title of the feed in its folder, which the page points browsers to; empty for none."""


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A page that need not be made where one with the same seal is there already.

    `frame` is the page without its content, `seal` changes with all that `content` makes this of.
    """

    frame: SitePage
    seal: str
    content: Callable[[], Markup]

    def made(self) -> SitePage:
        """The page with its content."""
        return replace(self.frame, content=self.content())


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that isn't a page, such as a feed; `path` is relative to the site's root."""

    path: str
    data: bytes


Piece = SitePage | SealedPage | Asset
"""What stands at a place of its own in the site."""
