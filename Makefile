# make demo · make test · make faults · make bench · make lint · make lock
# Everything runs in .venv, set up from the lock files: versions and hashes, nothing else.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test faults bench lint lock clean

demo: .venv/runtime
	$(BIN)/python run_bot.py --dry-run --sandbox --config config/demo.toml
	$(BIN)/python run_bot.py --once --sandbox --config config/demo.toml

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

# Kills, stops and cuts off real bots, ten times as often as `make test`; some ten minutes. The simulation is left to that
# one, which runs it whole.
faults: .venv/dev
	BOT_TEST_KILLS=10 $(BIN)/python -m pytest -n 3 --dist loadfile tests/faults --ignore=tests/faults/test_simulation.py \
		$(PYTEST_ARGS)

# Measures the bot beside others and writes docs/performance.md; some 30 minutes, on a machine that does nothing else.
# One part: make bench PART=publishing. What was measured is kept in var/bench/, so the parts can be run one by one.
bench: .venv/dev .venv-bench/done
	$(BIN)/python -m bench $(PART)

# The peers live by themselves: they want other versions of what the bot uses.
.venv-bench/done: bench/requirements.lock
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock \
		&& touch $@ || echo "The peers cannot be installed; the table will say so."

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Needs uv (https://docs.astral.sh/uv/): one lock for every platform and Python from 3.11.
lock:
	uv pip compile pyproject.toml $(LOCK_OPTIONS) -o requirements.lock
	uv pip compile pyproject.toml --group dev $(LOCK_OPTIONS) -o requirements-dev.lock
	uv pip compile bench/requirements.in $(LOCK_OPTIONS) -o bench/requirements.lock

LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate $(UPGRADE)

.venv/pyvenv.cfg:
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/pyvenv.cfg requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/dev: .venv/pyvenv.cfg requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ .venv/runtime

clean:
	rm -rf .venv .venv-bench dist build
