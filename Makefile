# Two commands matter: `make demo` and `make test`. Both need only Python 3.11-3.13 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MINOR := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
LOCK := $(wildcard locks/py$(MINOR).txt)

.PHONY: demo test lint types quick slow bench verify fuzz mutate clean lock
DOCUMENTS ?= 20000

demo: $(VENV)/.installed
	$(BIN)/comity run

test: lint types quick slow

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks examples

types: $(VENV)/.installed-dev
	$(BIN)/pyright

quick: $(VENV)/.installed-dev
	$(BIN)/pytest -q -m "not slow" -n 2 --dist loadfile --max-worker-restart 0

slow: $(VENV)/.installed-dev
	$(BIN)/pytest -q -m slow -n 2 --dist loadfile --max-worker-restart 0

bench: $(VENV)/.installed-dev
	$(BIN)/pip install -q -e '.[bench]'
	$(BIN)/python benchmarks/trade.py
	$(BIN)/python benchmarks/futures.py
	$(BIN)/python benchmarks/landscape.py

# Everything that takes longer than tests may: all replications and hindcasts. Needs COMITY_DATA;
# writes the risks of flashpoints, the scoreboard, the page of estimates, the page of claims and the
# tables of reliability, which are committed; what follows them prints the tables of its page.
# 20,000 documents are tried; `make fuzz DOCUMENTS=100000` tries more.
verify: $(VENV)/.installed-dev
	$(BIN)/comity data verify
	$(BIN)/comity replicate
	$(BIN)/python -m comity.evidence.hindcasts.scoreboard docs/replications/hindcasts.md
	$(BIN)/python -m comity.evidence.estimates.flashpoint_risk
	$(BIN)/python -m comity.evidence.estimates.remake docs/replications/estimates.md
	$(BIN)/python -m comity.claims.stability docs/replications/claims.md
	$(MAKE) fuzz
	$(BIN)/python -m comity.evidence.studies.council_scores
	$(BIN)/python -m comity.evidence.studies.accession
	$(BIN)/python -m comity.evidence.studies.framework_gains
	$(BIN)/python -m comity.evidence.studies.framework_life
	$(BIN)/python -m comity.evidence.studies.durability
	$(BIN)/python benchmarks/solver_bounds.py
	$(BIN)/python benchmarks/one_or_many.py
	$(BIN)/python benchmarks/rules_or_power.py
	$(BIN)/python benchmarks/agreement_effects.py

fuzz: $(VENV)/.installed-dev
	PYTHONPATH=tests $(BIN)/python -m fuzz.campaign docs/explanation/reliability.md --documents $(DOCUMENTS)
	PYTHONPATH=tests $(BIN)/python -m fuzz.commands docs/explanation/reliability.md
	PYTHONPATH=tests $(BIN)/python -m fuzz.stops docs/explanation/reliability.md
	PYTHONPATH=tests $(BIN)/python -m fuzz.scenarios docs/explanation/reliability.md

# Small changes of the code, one at a time: do the tests notice? About two hours.
mutate: $(VENV)/.installed-dev
	$(BIN)/pip install -q coverage
	PYTHONPATH=tests $(BIN)/python -m mutation.campaign docs/explanation/reliability.md

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Comity needs Python 3.11 to 3.13; $(PYTHON) is $(MINOR). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(LOCK) | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check $(if $(LOCK),-c $(LOCK)) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(LOCK) | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check $(if $(LOCK),-c $(LOCK)) -e '.[dev]'
	@touch $@ $(VENV)/.installed

# Pins of this Python version, written from a fresh environment.
lock:
	rm -rf .lock-venv && $(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	.lock-venv/bin/python -m pip freeze --exclude-editable > locks/py$(MINOR).txt
	rm -rf .lock-venv

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
