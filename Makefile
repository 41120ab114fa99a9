# `make demo` and `make test` are all a newcomer needs; both install first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test lint check year soak bench emulator

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch .venv/.installed

demo: install
	$(BIN)/congvu demo

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint test

# The plan of 2021 from January to December with scripted people, against an oracle; minutes, not seconds.
year: install
	WHOLE_YEAR=1 $(BIN)/python -m pytest -n 0 tests/test_year.py

emulator: install
	$(BIN)/python tests/emulator/run.py

soak: install
	$(BIN)/python -m tests.soak.run

bench: install
	$(BIN)/python -m benchmarks.fan_out
	$(BIN)/python -m benchmarks.scan
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.cases
	$(BIN)/python -m benchmarks.report
