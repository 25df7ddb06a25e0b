# Works on a fresh Debian 12: `make demo` or `make test` installs what they need by themselves.
.DEFAULT_GOAL := help
.PHONY: sbom help demo run upgrade test test-quick test-faults check lint types browser lock docs translations screenshots bench
SHELL := /bin/sh
PY := .venv/bin/python

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/.stamp ## Start with a made-up commune on http://127.0.0.1:8000
	$(PY) run.py --demo

run: .venv/.stamp ## Start with an empty database
	$(PY) run.py

test: .venv/.stamp-dev ## Everything: lint, types, audit, tests on SQLite and PostgreSQL, browser
	@$(PY) -m tests.run all

upgrade: .venv/.stamp ## After a newer program was put here: what it needs, a backup, the database; then restart it
	$(PY) -m flask upgrade

test-quick: .venv/.stamp-dev ## Unit, house and integration tests on SQLite
	@$(PY) -m tests.run quick

check: .venv/.stamp-dev ## Before a commit: lint, types, test-quick
	@$(PY) -m tests.run check

lint: .venv/.stamp-dev ## ruff, import-linter, bandit
	@$(PY) -m tests.run lint

types: .venv/.stamp-dev ## mypy
	@$(PY) -m tests.run types

browser: .venv/.stamp-dev ## Journeys in Chromium
	@$(PY) -m tests.run browser

test-faults: .venv/.stamp-dev ## Bring every fault about, at length (10 minutes; make test does it in short)
	@$(PY) -m tests.run faults

lock: .venv/.stamp-dev ## Bring the locked requirements up to date
	.venv/bin/uv pip compile -q --upgrade $(LOCK) -o requirements.txt requirements.in >/dev/null
	.venv/bin/uv pip compile -q --upgrade $(LOCK) -o requirements-dev.txt requirements-dev.in >/dev/null
	.venv/bin/uv pip compile -q --upgrade $(LOCK) -o benchmarks/peers.txt benchmarks/peers.in >/dev/null

# The file names where and how it was made only as far as it is the same for everybody.
LOCK := --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

sbom: docs ## Write the list of what the program is made of (docs/sbom.cdx.json)

docs: .venv/.stamp ## Write the generated pages of docs/
	.venv/bin/flask docs

translations: .venv/.stamp ## Bring the English translation up to the source, print what is missing
	@$(PY) -m app.translating

screenshots: .venv/.stamp-dev ## Take the pictures used in docs/
	$(PY) tests/browser/screenshots.py

bench: .venv/.stamp-dev ## Measure what docs/performance.md tells (15 minutes; peers go into an environment of their own)
	@[ -x .venv/peers/bin/python ] || python3 -m venv .venv/peers
	@.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/peers.txt
	$(PY) -m benchmarks.pages
	$(PY) -m benchmarks.lists .venv/peers/bin/python
	$(PY) -m benchmarks.search
	$(PY) -m benchmarks.dashboard
	$(PY) -m benchmarks.encryption
	$(PY) -m benchmarks.imports
	$(PY) -m benchmarks.import_beside .venv/peers/bin/python
	$(PY) -m benchmarks.load
	$(PY) -m benchmarks.beside_long_work
	$(PY) -m benchmarks.slow_network
	$(PY) -m benchmarks.tasks
	PYTHONPATH=. $(PY) benchmarks/workbook_rows.py 50000 3 .venv/peers/bin/python
	$(PY) -m benchmarks.exports .venv/peers/bin/python

.venv/.stamp: requirements.txt | .venv/bin/pip
	@echo "Installing what requirements.txt lists …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.stamp-dev: requirements-dev.txt | .venv/bin/pip
	@echo "Installing what requirements-dev.txt lists …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.stamp

# Debian keeps venv in a package of its own: install it if we may, otherwise say so in one sentence.
.venv/bin/pip:
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
		sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
		export DEBIAN_FRONTEND=noninteractive; \
		echo "Installing python3-venv …"; \
		{ $$sudo apt-get -qq update && $$sudo apt-get -qq install -y --no-install-recommends python3-venv; } >/dev/null 2>&1; \
		python3 -c 'import ensurepip, venv' 2>/dev/null; \
	} || { echo "Please install python3-venv first: sudo apt-get install python3-venv" >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Măng Non needs Python 3.11 or later." >&2; exit 1; }
	@python3 -m venv --clear .venv
