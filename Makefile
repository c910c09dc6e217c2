# Two commands for everybody: `make run` and `make test`. The rest is for people who change the code.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
export PORT

.PHONY: run test quick test-portability test-gpu check format screenshots lock clean-demo

run:            ## prepare this machine, load the demo company on the first start, serve http://localhost:8501
	@$(PYTHON) scripts/prepare.py run
	@$(BIN)/python scripts/serve.py

test:           ## prepare this machine for the tests, then run all of them
	@$(PYTHON) scripts/prepare.py test
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 2 --dist loadfile --durations=10

quick:          ## the tests of a minute: no browser, no training, no PostgreSQL
	@$(BIN)/python -m pytest -q -n 2 -m "not slow and not e2e and not postgres and not gpu"

test-portability: ## the same bytes on emulated x86-64 and Arm processors; installs qemu-user where it may
	@$(BIN)/python scripts/portability.py

test-gpu:       ## the same bytes on a GPU, and what they cost; needs torch, numpy and pytest in PYTHON, nothing else
	@$(PYTHON) -m pytest --noconftest -o addopts= -p no:cacheprovider -ra tests/forecast/test_cuda.py
	@$(PYTHON) -m benchmarks.numerics --device auto 128

check:          ## format, lint, types, import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format:
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

screenshots:    ## a picture of every page into docs/images
	@$(BIN)/python -m tests.e2e.screenshots

lock:           ## write requirements.lock from what is installed
	@$(BIN)/python -m pip freeze --exclude-editable | sed -E 's/\+(cpu|cu[0-9]+)$$//' > requirements.lock

clean-demo:     ## forget the local database and runs; the next start loads the demo company afresh
	rm -rf var
