"""kb serve: it says where to look."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path


def test_it_prints_the_address_and_answers_there(root: Path) -> None:
    settings = "site_name: 小知识库\ndocs_dir: cases\ntheme: {name: material}\nplugins: [kb]\n"
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "kb_builder",
        "--root",
        str(root),
        "serve",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    try:
        said = ""
        while f"预览地址：http://127.0.0.1:{port}/" not in said:
            said += lines.get(timeout=120)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/c/CASE-2024-0001/") as answer:
            assert "CASE-2024-0001" in answer.read().decode()
    finally:
        process.terminate()
        process.wait()
