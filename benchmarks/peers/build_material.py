"""Let Material's own search plugin write its index: `python build_material.py DOCUMENTS SITE`.

The plugin gets the events of a `mkdocs build` with pages as Material renders them; only the work that is not
its own (Markdown, templates) is left out, so that its time is the search's alone.
"""

import html
import json
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import jieba
from mkdocs.config import load_config

SETTINGS = """
site_name: peers
theme: {name: material, language: zh}
plugins:
  - search: {lang: zh}
"""

jieba.setLogLevel("ERROR")
documents = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "docs").mkdir()
    settings = Path(folder) / "mkdocs.yml"
    settings.write_text(SETTINGS, encoding="utf-8")
    config = load_config(str(settings), site_dir=str(Path(sys.argv[2]).resolve()))
    config.plugins.on_startup(command="build", dirty=False)
    config = config.plugins.on_config(config)
    for document in documents:
        title, text = html.escape(document["title"]), html.escape(document["text"])
        heading = f'<h1 id="title">{title}</h1>' if title else ""
        page = SimpleNamespace(
            content=f"{heading}<p>{text}</p>",
            toc=[],
            url=f"c/{document['id']}/",
            meta={},
            title=document["title"],
        )
        config.plugins.on_page_context({}, page=page, config=config, nav=None)
    config.plugins.on_post_build(config=config)
