"""How the theme is set up: what an owner need not write into `mkdocs.yml`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.theme import Theme

from kb_builder.browser import bundle
from kb_builder.loader import CONFIG
from kb_builder.site import searching

_HERE = Path(__file__).parent
_VIEW = "search-view.js"
_PRECEDENTS = "search-precedents.js"
_ASSETS = (
    "kb.css",
    "search.css",
    "precedents.css",
    "print.css",
    "reports.css",
    "training.css",
    "kb.js",
    "search.js",
    _VIEW,
    _PRECEDENTS,
    "kb.svg",
)
_FEATURES = ("navigation.tabs", "navigation.indexes", "navigation.top", "toc.follow")
_PALETTE = [
    {
        "media": "(prefers-color-scheme: light)",
        "scheme": "default",
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": "material/weather-night", "name": "换成深色"},
    },
    {
        "media": "(prefers-color-scheme: dark)",
        "scheme": "slate",
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": "material/weather-sunny", "name": "换成浅色"},
    },
]


def apply(
    config: MkDocsConfig, root: Path, warn: Callable[[str], Any], *, search: bool = True
) -> None:
    """Set what makes the site look and behave as ours; what the owner set in `mkdocs.yml` for
    palette, logo and further features stays. `search`: the site has an index for the browser.
    """
    if config.theme.name != "material":
        if config.theme.name != "mkdocs":  # MkDocs' own default, which nobody wrote
            warn(f"mkdocs.yml 里的主题 {config.theme.name} 不起作用：本程序用 material")
        config.theme = Theme(name="material", custom_dir=config.theme.custom_dir)
    theme = config.theme
    # Promises, not preferences: the interface is Chinese, and no page asks another host for a font.
    theme["language"] = "zh"
    theme["font"] = False
    if "palette" not in theme:
        theme["palette"] = _PALETTE
    theme["features"] = [*dict.fromkeys((*_FEATURES, *(theme.get("features") or ())))]
    if theme["favicon"] == "assets/images/favicon.png":
        theme["favicon"] = _name("kb.svg")
    if "logo" not in theme and not (theme["icon"] or {}).get("logo"):
        theme["logo"] = _name("kb.svg")
    _add_folders(theme, root)
    # Ours names all pages, not only those MkDocs knows, and has no dates in it.
    theme.static_templates.discard("sitemap.xml")
    if not config.use_directory_urls:
        warn("mkdocs.yml 里的 use_directory_urls: false 不起作用：地址以 / 结尾才能永久不变")
        config.use_directory_urls = True
    config.extra["generator"] = False
    config.extra_css[:0] = [
        _name("kb.css"), _name("search.css"), _name("precedents.css"), _name("reports.css"),
        _name("training.css"), _name("print.css"),
    ]  # fmt: skip
    engine = (searching.engine_address(),) if search else ()
    searches = (*engine, _name(_VIEW), _name("search.js"))
    config.extra_javascript[:0] = [_name("kb.js"), *map(_deferred, searches)]


def assets() -> Iterator[tuple[str, bytes]]:
    """Address and bytes of our style sheets, script and icon."""
    for name in _ASSETS:
        yield _name(name), _read(name)


def is_unused(name: str) -> bool:
    """Whether a file of the theme is not for the site: its search, which is off; what helps debug
    it; its template of a site map.
    """
    return (
        name.endswith(".map")
        or name == "sitemap.xml"
        or name.startswith(("assets/javascripts/lunr/", "assets/javascripts/workers/"))
    )


def _add_folders(theme: Theme, root: Path) -> None:
    """Owner's templates win over ours, ours over the theme's."""
    ours = [root / CONFIG / "theme", _HERE / "theme"]
    at = 1 if theme.custom_dir else 0
    theme.dirs[at:at] = [str(folder) for folder in ours if folder.is_dir()]


def _name(asset: str) -> str:
    """The address of an asset, named by its content so that browsers may keep it for ever."""
    stem, _, ending = asset.partition(".")
    if asset == _PRECEDENTS:  # The script that fetches it knows its version, which stands for both.
        return f"assets/{stem}.{bundle.view_scripts().version}.{ending}"
    return f"assets/{stem}.{hashlib.sha256(_read(asset)).hexdigest()[:8]}.{ending}"


def _deferred(path: str) -> ExtraScriptValue:
    script = ExtraScriptValue(path)
    script.defer = True
    return script


def _read(asset: str) -> bytes:
    if asset == _VIEW:
        return bundle.view_scripts().first.encode()
    if asset == _PRECEDENTS:
        return bundle.view_scripts().more.encode()
    return (_HERE / "assets" / asset).read_bytes()
