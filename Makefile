# make serve: build the site from cases/ and look at it.   make test: everything the CI checks.
# Both set up what they need in .venv first; run them as often as you like.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE := $(VENV)/.node-ready

.PHONY: help serve build test torture lint format browser golden lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: $(READY) ## build the site from cases/, serve it with live reload, print the address
	$(BIN)/kb serve

build: $(READY) ## check, index and build the site into site/
	$(BIN)/kb build

test: $(READY) $(NODE) browser ## run all tests, in a real browser too
	$(BIN)/pytest -n auto --dist loadfile

torture: $(READY) browser ## the test plan of tests/robustness with far greater counts; KB_SEED=… repeats a run
	@export KB_SEED=$${KB_SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}; echo "KB_SEED=$$KB_SEED"; \
	  KB_TORTURE=1 $(BIN)/pytest tests/robustness -n auto --dist loadfile

lint: $(READY) $(NODE) ## ruff, mypy --strict, and the types of the JavaScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/typescript.py

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(READY) ## rewrite the golden reports; read the diff before you commit it
	KB_UPDATE=1 $(BIN)/pytest tests/rules tests/test_rules.py

browser: $(READY)
	@tools/browser.sh

lock: $(READY) ## choose versions anew: requirements.lock with hashes, LICENCES.md
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-header --no-emit-index-url --group dev --output-file requirements.lock pyproject.toml
	tools/setup.sh $(VENV)
	@( echo "# Licences of what we use"; echo; \
	  echo "Made by \`make lock\`. The first list is what a site is built with, the second what we develop with."; \
	  for what in pyproject.toml "--group dev"; do \
	    echo; $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-emit-index-url \
	        --no-annotate --constraints requirements.lock $$what | sed -n 's/==.*//p' | \
	      xargs $(BIN)/pip-licenses --from=mixed --format=markdown --order=name --packages; \
	  done ) > LICENCES.md

clean: ## remove everything that can be made again
	rm -rf $(VENV) .kb site node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml requirements.lock tools/setup.sh
	tools/setup.sh $(VENV)
	touch $@

$(NODE): $(READY) package.json
	$(BIN)/python tools/typescript.py --install
	touch $@
