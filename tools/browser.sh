#!/bin/sh
# Make sure there is a Chromium for the browser tests: the system's, else a package, else Playwright's.
set -eu

if command -v chromium >/dev/null 2>&1; then exit 0; fi
if .venv/bin/python tools/own_chromium.py; then
    exit 0
fi
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -qq
    if as_root apt-get install -y -qq chromium; then exit 0; fi
fi
.venv/bin/playwright install chromium
