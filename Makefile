# make audit    audit this machine: sets everything up, writes demo/reports
# make test     set up and run the whole suite, the lab of Debian hosts included where the machine allows it
# make check    `make test`, then build the release and try it
# make bundle   everything as wheels with an installer, for machines without a network (docs/offline-install.md)
# make bench    measured speed: every figure, into bench/RESULTS.md (root, the lab; about a quarter of an hour)
# make agreement  secaudit, OpenSCAP and Lynis on the same hosts, into bench/agreement/RESULTS.md (root, the lab, apt; eight minutes)
# make format   format the code                     make coverage   branch coverage, file by file
# make messages bring the catalogue up to date      make venv, make clean

.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: audit test check static bench agreement format coverage build bundle messages venv clean

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install --use-pep517
RUN     := $(VENV)/.installed
DEV     := $(VENV)/.installed-dev
export PYTHON

audit: $(RUN)
	@scripts/system-programs.sh audit
	@$(BIN)/secaudit init demo --demo
	@# 1 and 3 say what the audit found; the reports are still to be written.
	@$(BIN)/secaudit --workspace demo scan || { code=$$?; [ $$code -eq 1 ] || [ $$code -eq 3 ] || exit $$code; }
	@$(BIN)/secaudit --workspace demo report --format html,json --out demo/reports

# What judges is covered whole by the unit tests of its own folders (folders, not module names: coverage leaves a module
# out that nothing imports). All else runs without: counting lines makes every test half as long again.
# The lab keeps to one worker, and waits for its hosts a good part of the time: the third has both processors used then.
GATED := secaudit/judge secaudit/assess secaudit/model
COVERING := $(addprefix tests/unit/,assess audit handover judge model notify register)
test: static
	@scripts/system-programs.sh test
	$(BIN)/pytest -n 2 $(COVERING) $(GATED:%=--cov=%) --cov-branch --cov-fail-under=100
	$(BIN)/pytest -n 3 $(COVERING:%=--ignore=%)

check: test build

static: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV)
	$(BIN)/python -m bench

agreement: $(DEV)
	$(BIN)/python -m bench.agreement

format: $(DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

coverage: $(DEV)
	$(BIN)/pytest -n 2 tests/unit tests/content --cov=secaudit --cov-branch

# An old build/ would ship deleted files. The wheel is tried where neither checkout nor editable install is seen.
build: $(DEV)
	rm -rf build dist
	$(BIN)/python -m build
	$(INSTALL) --no-deps --target build/tried dist/*.whl
	cd build/tried && PYTHONPATH=. ../../$(BIN)/python -m secaudit checks test

# Asks the package index for the wheels of every architecture and Python that is supported.
bundle: $(DEV)
	$(BIN)/python -m scripts.offline.bundle

messages: $(DEV)
	@mkdir -p build
	$(BIN)/pybabel -q extract --add-location=file --sort-output --project=secaudit -o build/messages.pot secaudit
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-l zh -i build/messages.pot -o secaudit/locale/zh.po
	@# What nobody fills in, and dates that make every call a change.
	@sed -i -E '/^"(Report|PO|Last|Language-Team|Generated)/d' secaudit/locale/zh.po

venv: $(DEV)

# pip is what a virtual environment gets last: where it is, the environment is whole.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed (Debian 12 has it), this is " + sys.version.split()[0])'
	@scripts/system-programs.sh venv
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUN): setup.cfg pyproject.toml | $(BIN)/pip
	@echo "Installing secaudit and what it needs into $(VENV) (the first time takes a minute)"
	@$(INSTALL) --editable .
	@touch $@

$(DEV): setup.cfg pyproject.toml | $(BIN)/pip
	@echo "Installing secaudit and its development tools into $(VENV) (the first time takes a minute or two)"
	@$(INSTALL) --editable '.[dev]'
	@touch $(RUN) $@

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .*_cache .hypothesis
	find secaudit tests -name __pycache__ -type d -prune -exec rm -rf {} +
