# `make` shows what there is. PYTHON=python3.12 chooses the Python that .venv is made with.
.PHONY: help run test test-slow test-browser test-postgres test-peers test-all peers check messages settings screenshots chaos storm bench-deliver bench-start bench-stream bench-rate bench-review mutations audit pins walk
.DEFAULT_GOAL := help

IN := .venv/bin/python
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PIP := $(IN) -m pip install --disable-pip-version-check --quiet

# A .venv whose Python was removed or upgraded is made again.
ifneq ($(shell $(IN) -c 'print("whole")' 2>/dev/null),whole)
.PHONY: .venv/bin/pip
endif

help:
	@echo "make run             start Rapport (PORT=8000); Ctrl-C stops it"
	@echo "make test            fast tests: SQLite, no processes (ARGS= goes to pytest)"
	@echo "make test-slow       tests that start and kill servers, or need PostgreSQL or Redis"
	@echo "make test-browser    tests in chromium"
	@echo "make test-postgres   tests of what depends on the database, on PostgreSQL"
	@echo "make test-peers      tests against LiteLLM's proxy, which this installs: some 750 MB in .venv-peers"
	@echo "make test-all        all groups, one after the other; peers only where they are installed"
	@echo "make check           linters, types, dead code, templates, migrations, settings, translations"
	@echo "make messages        update the translations, and list what is missing"
	@echo "make settings        print the table of settings into .env.example and README.md"
	@echo "make audit           known vulnerabilities in what is pinned? (status 2: could not ask)"
	@echo "make pins            write requirements.txt from requirements.in, with hashes (ARGS=--upgrade)"
	@echo "make screenshots     take the pictures in docs/screenshots again"
	@echo "make walk            walk at random through all pages in chromium, for SECONDS=300"
	@echo "make chaos           deliver 10,000 ratings (N=) to a failing Helicone, by killed workers (ARGS=--naive)"
	@echo "make storm           200 conversations under faults and kills for 120 s: is any answer lost?"
	@echo "make mutations       break each rule of the delivery: is it noticed? (ARGS=\"--only WORD\")"
	@echo "make bench-start     seconds and memory of a start"
	@echo "make bench-stream    cost and delay of a token, cost of a message"
	@echo "make bench-rate      ratings per second, and the cost of one"
	@echo "make bench-deliver   ratings delivered per second by one worker, and its memory (N=10000)"
	@echo "make bench-review    list, filters, search, queue and bulk changes at a million ratings (RATINGS=)"

run: .venv/runs
	@$(IN) -m chatapp.server --follow

test: .venv/tests
	@$(IN) -m tests fast $(ARGS)

test-slow test-browser test-postgres test-all: test-%: .venv/tests
	@$(IN) -m tests $* $(ARGS)

test-peers: .venv/tests peers
	@$(IN) -m tests peers $(ARGS)

# PEERS_SECONDS limits the installation.
peers: | .venv/bin/pip
	@$(IN) -m tests.tools.install_peers

check: .venv/tests
	$(IN) -m ruff check .
	$(IN) -m ruff format --check .
	$(IN) -m mypy .
	$(IN) -m djlint templates --lint --quiet
	$(IN) -m tests.tools.dead_code
	$(IN) -m tests.tools.deployment_checks
	$(IN) -m tests.tools.translations --check

messages: .venv/tests
	@$(IN) -m tests.tools.translations

settings: .venv/runs
	@$(IN) -m chatapp.configuration write

# Asks the package index; the exit status is 2 where not all could be asked about.
audit: | .venv/bin/pip
	@$(IN) -m tests.tools.audit

# Hashes of all files of all pins: minutes where the index doesn't tell hashes. ARGS=--upgrade.
pins: .venv-pins/bin/pip-compile
	@CUSTOM_COMPILE_COMMAND="make pins" .venv-pins/bin/pip-compile --quiet --generate-hashes \
		--strip-extras --no-annotate --no-emit-index-url --no-emit-find-links \
		--output-file=requirements.txt $(ARGS) requirements.in

.venv-pins/bin/pip-compile: requirements-pins.txt | .venv/bin/pip
	@$(IN) -m venv --clear .venv-pins
	@.venv-pins/bin/python -m pip install --disable-pip-version-check --quiet -r requirements-pins.txt
	@touch $@

screenshots: .venv/tests
	@$(IN) -m tests.tools.screenshots

walk: .venv/tests
	@$(IN) -m tests.walker --seconds $(or $(SECONDS),300) $(ARGS)

# DATABASE=postgres://USER:PASSWORD@HOST:5432/ANY makes a database of its own there.
chaos: .venv/tests
	@$(IN) -m bench.chaos --ratings $(or $(N),10000) --database $(or $(DATABASE),sqlite) $(ARGS)

mutations: .venv/tests
	@$(IN) -m bench.mutations $(ARGS)

bench-deliver: .venv/tests
	@$(IN) bench/deliver.py --ratings $(or $(N),10000) --database $(or $(DATABASE),sqlite) $(ARGS)

storm: .venv/tests
	@CONVERSATIONS=$(or $(CONVERSATIONS),200) SECONDS=$(or $(SECONDS),120) $(IN) -m bench.storm

bench-start: .venv/tests
	@$(IN) -m bench.start

bench-stream: .venv/tests
	@$(IN) -m bench.stream

bench-rate: .venv/tests
	@$(IN) -m bench.rate

# ARGS="--keep NAME" keeps the database, ARGS="--again NAME" measures it once more.
bench-review: .venv/tests
	@$(IN) bench/review.py --ratings $(or $(RATINGS),1000000) \
		--database $(or $(DATABASE),postgres://postgres@127.0.0.1:5432/postgres) $(ARGS)

# Stamps: what is pinned is installed again only when the pins have changed.
.venv/runs: requirements.txt | .venv/bin/pip
	@echo "Installing what the site needs; this takes a minute, once."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/tests: requirements.txt requirements-dev.txt | .venv/bin/pip
	@echo "Installing what tests and linters need; this takes a minute, once."
	@$(PIP) -r requirements.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/runs

# pip is the last thing a new .venv gets: where it is missing, .venv is not whole.
.venv/bin/pip:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		"$$python" -c '$(SUITABLE)' 2>/dev/null && found=$$python && break; \
	done; \
	test -n "$$found" || { echo "Rapport needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),python3) is none of them: install one, or name it, as in 'make run PYTHON=/path/to/python3.12'." >&2; exit 1; }; \
	"$$found" -m venv --clear .venv || { echo "$$found can't make .venv; on Debian and Ubuntu, 'apt-get install python3-venv' adds what is missing." >&2; exit 1; }
