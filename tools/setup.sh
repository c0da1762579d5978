#!/bin/sh
# Make the virtual environment $1 with the project and what its tests need.
set -eu
venv=$1

python=
for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed; install it and run make again." >&2
    exit 1
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        # Debian keeps the venv module's pip in a package of its own.
        rm -rf "$venv"
        command -v apt-get >/dev/null 2>&1 || {
            echo "$python cannot make a virtual environment; install its venv module." >&2
            exit 1
        }
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        as_root apt-get update -qq
        as_root apt-get install -y -qq "python$version-venv"
        "$python" -m venv "$venv"
    fi
fi
# Exactly the files that were looked at when requirements.lock was made; then the project itself, built
# with the hatchling from there.
"$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
