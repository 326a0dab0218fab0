# `make` shows what there is. PYTHON=python3.12 chooses the Python that .venv is made with.
.PHONY: help run test test-slow test-browser test-postgres test-all check messages settings screenshots chaos storm bench-deliver bench-start bench-stream bench-rate bench-review mutations
.DEFAULT_GOAL := help

IN := .venv/bin/python
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PIP := $(IN) -m pip install --disable-pip-version-check --quiet

# A .venv whose Python was removed or upgraded is made again.
ifneq ($(shell $(IN) -c 'print("whole")' 2>/dev/null),whole)
.PHONY: .venv/bin/pip
endif

help:
	@echo "make run          start Rapport (PORT=8000); Ctrl-C stops it"
	@echo "make test         run the fast tests, on SQLite: all that start no process (ARGS=)"
	@echo "make test-slow    run the tests that start servers, kill them, or need PostgreSQL or Redis"
	@echo "make test-browser run the tests in chromium"
	@echo "make test-postgres  run on PostgreSQL what depends on the database"
	@echo "make test-all     run all of these, one after the other"
	@echo "make check        linters, types, dead code, templates, migrations, settings, translations"
	@echo "make messages     bring the translations in step with the texts, and say what is missing"
	@echo "make settings     print the table of settings into .env.example and README.md"
	@echo "make screenshots  take the pictures in docs/ anew"
	@echo "make chaos        10,000 ratings (N=) through a failing Helicone, by workers that are killed"
	@echo "make mutations    break each rule of the delivery in turn: which tests notice? (ARGS=--chaos=400)"
	@echo "make bench-deliver  ratings settled a second by one worker, and its memory (N=10000)"
	@echo "make storm        200 conversations, faults and kills for 120 s: is any answer lost?"
	@echo "make bench-start  measure the cold start: seconds and MB"
	@echo "make bench-stream measure what tokens and messages cost, and how late they are"
	@echo "make bench-rate   measure how many ratings a second, and what one costs"
	@echo "make bench-review measure list, filters, search, queue and bulk at a million ratings (RATINGS=)"

run: .venv/runs
	@$(IN) -m chatapp.server --follow

test: .venv/tests
	@$(IN) -m tests fast $(ARGS)

test-slow test-browser test-postgres test-all: test-%: .venv/tests
	@$(IN) -m tests $* $(ARGS)

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

screenshots: .venv/tests
	@$(IN) -m tests.tools.screenshots

# DATABASE=postgres://USER:PASSWORD@HOST:5432/ANY makes a database of its own there.
chaos: .venv/tests
	@$(IN) bench/chaos.py --ratings $(or $(N),10000) --database $(or $(DATABASE),sqlite) $(ARGS)

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
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/runs

# pip is the last thing a new .venv gets: where it is missing, .venv is not whole.
.venv/bin/pip:
	@for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
		"$$python" -c '$(SUITABLE)' 2>/dev/null && found=$$python && break; \
	done; \
	test -n "$$found" || { echo "Rapport needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),python3) is none of them: install one, or name it, as in 'make run PYTHON=/path/to/python3.12'." >&2; exit 1; }; \
	"$$found" -m venv --clear .venv || { echo "$$found can't make .venv; on Debian and Ubuntu, 'apt-get install python3-venv' adds what is missing." >&2; exit 1; }
