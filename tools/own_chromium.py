"""Exit 0 when Playwright has a Chromium of its own here, 1 when it has none."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(0 if Path(playwright.chromium.executable_path).is_file() else 1)
