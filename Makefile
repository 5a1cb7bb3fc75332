# What one does with this project; `make help` lists it. Everything happens in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0
INSTALLED := $(VENV)/.installed

.PHONY: help install demo test test-all check docs notebook viewer bench bench-full clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED)  ## make .venv and install partwise with what its development needs

# Named again beside ocnn, so that the torchvision that ocnn asks for cannot bring another torch.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "partwise needs Python 3.11, 3.12 or 3.13, found %d.%d; name one: make PYTHON=python3.12 ..." % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH) --editable '.[dev,docs]'
	@touch $@

demo: $(INSTALLED)  ## segment three chairs with the model that comes with partwise
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: $(INSTALLED)  ## run the tests, without slow ones
	$(BIN)/python -m pytest -m 'not slow'

test-all: $(INSTALLED)  ## run all tests
	$(BIN)/python -m pytest

check: $(INSTALLED)  ## lint and type-check
	$(BIN)/ruff check
	$(BIN)/mypy

# The variable silences a notice about a version of MkDocs that is not used here.
docs: $(INSTALLED)  ## build the documentation into site/ (open site/index.html)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

notebook: $(INSTALLED)  ## run examples/segment.ipynb anew and keep its output
	$(BIN)/python -m nbconvert --to notebook --execute --ExecutePreprocessor.record_timing=False --inplace examples/segment.ipynb

viewer:  ## build the viewer in view.html anew from viewer/src (needs Node.js, which nothing else here does)
	cd viewer && npm ci --no-audit --no-fund && npm run build

bench: $(INSTALLED)  ## measure speed beside ocnn's modules, scikit-learn and plain NumPy (under ten minutes)
	$(BIN)/python -m benchmarks

bench-full: $(INSTALLED)  ## the same with tables of how cost grows; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks --full --write benchmarks/RESULTS.md

clean:  ## remove the environment, and what the demo and the documentation made
	rm -rf $(VENV) demo-out site
