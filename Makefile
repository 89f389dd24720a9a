# Each target does all of its own set-up on a machine with Python 3.11 and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help run test golden mutants fuzz minimum lint crashes bench peers size calibrated experiments pages rivals docs clean
.DEFAULT_GOAL := help

help:            ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ --/'

# A stamp, so that the environment is made once and remade when the lock changes.
$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "planmodel needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

run: $(VENV)/.ready      ## run the baseline 1928-1940 and show model beside record
	$(BIN)/planmodel run baseline --out out/baseline --force

test: $(VENV)/.ready     ## style, types, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

golden: $(VENV)/.ready   ## which recorded series are not what they were, and from which month (a minute)
	$(BIN)/python tests/golden/golden.py

mutants: $(VENV)/.ready  ## break the code in one place at a time: do the tests notice? (half an hour)
	$(BIN)/python tests/mutants/run_mutants.py

# The lowest versions that pyproject.toml allows, with the newest of what these ask for in turn (Python 3.11).
MINIMUM := .venv-minimum
$(MINIMUM)/.ready: pyproject.toml
	rm -rf $(MINIMUM)
	$(PYTHON) -m venv $(MINIMUM)
	$(MINIMUM)/bin/python -m pip install --quiet uv
	$(MINIMUM)/bin/uv pip install --quiet --python $(MINIMUM) --resolution lowest-direct \
		--requirement pyproject.toml --extra all --extra dev
	$(MINIMUM)/bin/uv pip install --quiet --python $(MINIMUM) --no-deps --no-build-isolation --editable .
	touch $@

minimum: $(MINIMUM)/.ready ## the tests with the lowest versions that are declared
	$(MINIMUM)/bin/python -m pytest $(PYTEST)

fuzz: $(VENV)/.ready     ## damaged files, random settings and all keys, for long (an hour)
	PLANMODEL_FUZZ=5000 PLANMODEL_SETTINGS=1000 $(BIN)/python -m pytest \
		tests/doors tests/economy/test_random_settings.py

lint: $(VENV)/.ready     ## mend style, check types
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/mypy

crashes: $(VENV)/.ready  ## kill each command at ten moments, start it again, and see that nothing is lost (minutes)
	$(BIN)/python tests/crashes/kill.py

size:            ## how large the project is, room by room, and what stands on what
	python3 benchmarks/size_of_the_house.py

bench: $(VENV)/.ready    ## speed beside earlier code, into docs/performance.md (BENCH=--quick: two minutes, printed)
	$(BIN)/python benchmarks/bench.py $(or $(BENCH),--page docs/performance.md)

peers: $(VENV)/.ready    ## speed beside other tools, into docs/performance.md (makes an environment for them)
	$(BIN)/python benchmarks/peers.py --page docs/performance.md

# Fits of three seeds, posterior, the other figures, validation; scenario, posterior and pages in the checkout.
FITS := out/calibrations
calibrated: $(VENV)/.ready ## fit the model to the record anew, with the pages on it (half an hour to an hour)
	mkdir -p configs/posteriors
	$(BIN)/planmodel calibrate archival --seed 1 --posterior --force --out $(FITS)/archival \
		--scenario configs/scenarios/calibrated.toml --draws configs/posteriors/archival.nc
	$(BIN)/planmodel calibrate archival book --seed 2 --force --out $(FITS)/both
	$(BIN)/planmodel calibrate archival --seed 3 --force --out $(FITS)/seed_3
	$(BIN)/planmodel calibrate archival --seed 1 --validate --force --out $(FITS)/validated
	$(BIN)/python docs/generate_calibrated.py $(FITS)/archival --seeds $(FITS)/seed_3 --beside $(FITS)/both
	$(BIN)/python docs/generate_validation.py $(FITS)/validated
	$(BIN)/python docs/generate_regimes.py
	$(BIN)/planmodel reproduce --all --workers 2 --readme

experiments: $(VENV)/.ready ## all experiments, with their numbers and figures in the checkout (minutes)
	$(BIN)/planmodel reproduce --all --workers 2 --readme

pages: $(VENV)/.ready    ## write the generated pages anew from what they tell (minutes)
	$(BIN)/python docs/generate_equations.py
	$(BIN)/python docs/generate_accounts.py
	$(BIN)/python docs/generate_record.py
	$(BIN)/python docs/generate_odd.py
	$(BIN)/python docs/generate_tables.py
	$(BIN)/python docs/generate_agreement.py
	$(BIN)/python docs/generate_targets.py
	$(BIN)/python docs/generate_prior.py
	$(BIN)/python docs/generate_robustness.py
	$(BIN)/python docs/generate_liveness.py
	$(BIN)/python docs/generate_coverage.py
	$(BIN)/python docs/generate_work_and_camps.py
	$(BIN)/python docs/generate_harvest.py
	$(BIN)/python docs/generate_regions_page.py
	$(BIN)/python docs/generate_famine.py
	$(BIN)/python docs/generate_rivals.py
	$(BIN)/python docs/generate_explore.py

rivals: $(VENV)/.ready   ## fit the rivals of the plan anew, ask what they foretell, and write their page (hours)
	$(BIN)/planmodel rivals accumulation --seed 1 --out $(FITS)/rivals
	$(BIN)/planmodel forecast accumulation --seed 1 --out $(FITS)/forecast
	$(BIN)/python docs/generate_rivals.py $(FITS)/rivals $(FITS)/forecast

# On top of the other environment, so that neither run nor test waits for it.
$(VENV)/.docs: $(VENV)/.ready docs/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r docs/requirements.lock
	touch $@

docs: $(VENV)/.docs      ## build the documentation into build/docs/index.html
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs

clean:           ## remove the environment and what the commands wrote
	rm -rf $(VENV) $(MINIMUM) .venv-peers out build docs/gallery .mypy_cache .pytest_cache .ruff_cache .hypothesis
