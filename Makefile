# Two words are enough: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
BIN := .venv/bin
STAMP := .venv/.stamps

.PHONY: run test check fix assets screenshots docs faults bench lock clean help

run: $(STAMP)/run $(STAMP)/assets ## serve the product with the demonstration district
	@LIANQI_DEMO=1 $(BIN)/lianqi prepare
	@LIANQI_DEMO=1 $(BIN)/lianqi demo
	@LIANQI_DEMO=1 exec $(BIN)/lianqi serve --host $(HOST) --port $(PORT)

test: $(STAMP)/dev $(STAMP)/assets ## every check: format, lint, types, layers, migrations, tests, browser
	@$(BIN)/python tools/checks.py

check: $(STAMP)/dev ## the quick checks, without tests
	@$(BIN)/python tools/checks.py --quick

fix: $(STAMP)/dev ## format and mend what can be mended
	$(BIN)/ruff format src tests tools benchmarks
	$(BIN)/ruff check --fix src tests tools benchmarks

assets: $(STAMP)/assets ## build CSS, JS and icons

screenshots: $(STAMP)/dev $(STAMP)/assets ## make the pictures of the README anew
	$(BIN)/python tools/screenshots.py

docs: $(STAMP)/run ## write generated documents anew
	$(BIN)/python tools/write_permissions.py
	$(BIN)/python tools/write_diagrams.py

faults: $(STAMP)/dev $(STAMP)/assets ## every fault for long, on both databases; writes docs/faults.md
	$(BIN)/python tools/faults.py

SIZES ?= 20k
DATABASES ?= postgresql sqlite
SECONDS_EACH ?= 3
PEERS ?=
bench: $(STAMP)/run $(STAMP)/assets ## measure speed and growth, write docs/performance.md (SIZES="20k 1m")
	@PYTHONPATH=src:. $(BIN)/python -m benchmarks --sizes "$(SIZES)" --databases "$(DATABASES)" --seconds "$(SECONDS_EACH)" --peers "$(PEERS)"

lock: $(STAMP)/dev ## write the lock files anew from pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --extra dev --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## remove what was built; the data in var/ stays
	rm -rf .venv node_modules src/lianqi/static/build

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(STAMP)/venv:
	$(PYTHON) -m venv .venv
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/run: requirements.lock pyproject.toml | $(STAMP)/venv
	$(BIN)/python -m pip install -q -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

$(STAMP)/dev: requirements-dev.lock $(STAMP)/run
	$(BIN)/python -m pip install -q -r requirements-dev.lock
	@touch $@

# System Node if there is one, else the Node that comes as a Python wheel.
$(STAMP)/assets: package-lock.json $(shell find assets src/lianqi -name '*.html' -o -name '*.po' -o -path 'assets/*' -type f 2>/dev/null) | $(STAMP)/run
	PYTHON=$(BIN)/python sh tools/build_assets.sh
	$(BIN)/python tools/compile_messages.py
	@touch $@
