# `make help` lists the commands; `make demo` and `make test` are all a newcomer needs.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check scoring-covered coverage faults serve bench mutants contests lint types messages migration screenshots

# Some machines forbid it, and then each of the many processes of a test run compiles all libraries for itself.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
# What `make check` runs on PostgreSQL too, each test with one of its examples: all that asks the database, but not what is
# printed or exported from the same answers, and no killed servers. `make test` and `make faults` run everything there.
PRINTED := bundles certificates contest_workbook corrected_decisions correction_refusals documents forged_databases hostile_spreadsheets minutes published_prizes
ON_POSTGRESQL := $(filter-out $(PRINTED:%=tests/integration/services/test_%.py),$(wildcard tests/integration/services/test_*.py)) \
	tests/integration/queries tests/contract/test_migrations.py tests/contract/test_reading.py
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PYTEST := $(BIN)/pytest -n $(JOBS) --dist worksteal
PYTEST_AND_ONE := $(PYTEST) -n $$(($(JOBS) + 1))  # one more than cores, as each waits at times: for a browser, a disk, a server

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

setup: .venv/ready $(COMPILED)  ## make .venv, install the pins, name or install native packages

# The pip that comes with an older Python takes twice as long as today's.
.venv/ready: requirements.txt requirements-dev.txt pyproject.toml
	.ci/native-packages runtime || true
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check pip==26.3
	$(BIN)/pip install --quiet --no-compile -r requirements.txt -r requirements-dev.txt
	$(BIN)/pip install --quiet --no-compile --no-deps --editable .
	touch $@

%.mo: %.po | .venv/ready
	$(BIN)/python -c "import sys; from babel.messages import mofile, pofile; mofile.write_mo(open(sys.argv[2], 'wb'), pofile.read_po(open(sys.argv[1], 'rb')))" $< $@

demo: setup  ## build the example under var/demo and serve it at http://127.0.0.1:8000 (another port: PORT=8123)
	$(BIN)/binhchon demo $(if $(PORT),--port $(PORT))

serve: setup  ## serve your own data (var/data unless BINHCHON_DATA_DIR says otherwise; another port: PORT=8123)
	$(BIN)/binhchon serve $(if $(PORT),--port $(PORT))

test: setup  ## run the tests; also on PostgreSQL when BINHCHON_TEST_DATABASE_URL is set
	env -u BINHCHON_TEST_DATABASE_URL $(PYTEST) $(ARGS)
	@[ -z "$$BINHCHON_TEST_DATABASE_URL" ] || $(PYTEST_AND_ONE) tests/integration tests/contract tests/faults

check: setup lint  ## everything that must hold before a change lands
	$(MAKE) --jobs=2 types scoring-covered
	env -u BINHCHON_TEST_DATABASE_URL $(PYTEST_AND_ONE) --ignore=tests/unit/scoring
	@[ -z "$$BINHCHON_TEST_DATABASE_URL" ] || $(PYTEST_AND_ONE) --one-of-each $(ON_POSTGRESQL)

scoring-covered: setup  ## test scoring alone; every line and branch of it has to be run
	$(PYTEST) tests/unit/scoring --cov=scoring --cov-report=term:skip-covered --cov-fail-under=100

coverage: setup  ## run the tests and see what they leave out; it takes twice their time
	env -u BINHCHON_TEST_DATABASE_URL $(PYTEST) --cov --cov-report=term:skip-covered --cov-fail-under=95

faults: setup  ## kill servers, fill disks, send everything twice, and count what is lost; longer: make faults KILLS=1000
	env -u BINHCHON_TEST_DATABASE_URL KILLS=$(or $(KILLS),100) $(BIN)/pytest tests/faults
	@[ -z "$$BINHCHON_TEST_DATABASE_URL" ] || KILLS=$(or $(KILLS),100) $(BIN)/pytest tests/faults

lint: setup  ## style, layers, docstrings, templates, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint scoring/*.py
	$(BIN)/djlint --lint --quiet templates certificates/layouts
	$(BIN)/codespell *.md docs bench scoring

types: setup  ## static types
	$(BIN)/mypy

bench: setup  ## measure the hot paths (figures are printed, never asserted)
	$(BIN)/python bench/score.py
	$(BIN)/python bench/aggregate.py
	$(BIN)/python bench/contest.py
	$(BIN)/python bench/evidence.py
	$(BIN)/python bench/seating.py
	$(BIN)/python -m bench.autosave

mutants: setup  ## put small faults into scoring and the recount, and count those the tests find (half an hour); some: MODULES="ranking verify"
	nice -n 19 $(BIN)/python bench/mutants.py $(MODULES)

contests: setup  ## random contests through database, export and verifier: make contests N=10000
	$(BIN)/python -m bench.random_contests $(or $(N),10000)

messages: setup  ## bring the Vietnamese catalogue up to date with the code
	mkdir -p var
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k N_ --no-location --no-wrap --omit-header --sort-output -o var/messages.pot .
	sed '/^$$/q' $(CATALOGUES) >var/header.po
	$(BIN)/pybabel -q update -D messages -i var/messages.pot -d app/translations --no-wrap --omit-header --no-fuzzy-matching --ignore-obsolete
	cat var/header.po $(CATALOGUES) >var/messages.po && mv var/messages.po $(CATALOGUES)
	@echo "Now translate what is empty in $(CATALOGUES)"

migration: setup  ## write the migration for what changed in the models: make migration MESSAGE="add site visits"
	$(BIN)/alembic revision --autogenerate -m "$(MESSAGE)"

screenshots: setup  ## picture every page of the demo, both languages, desktop and phone, into var/screenshots
	$(BIN)/python -m tests.browser.screenshots
