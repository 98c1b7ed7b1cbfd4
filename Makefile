# From a bare checkout, with Python 3.11 or newer and make. `make` alone plays.
PYTHON ?= python3
PORT ?= 7860
PY := .venv/bin/python
# An index to take torch from, such as https://download.pytorch.org/whl/cpu; PyPI if empty.
TORCH_INDEX ?=
# Processes that run the tests: two more than cores, because many tests wait for a server or a
# browser, and no more than 8, each of which takes up to 2.5 GB.
CORES := $(shell getconf _NPROCESSORS_ONLN)
WORKERS ?= $(shell test $(CORES) -gt 6 && echo 8 || echo $$(($(CORES) + 2)))

play: .venv/play  ## the game, on http://127.0.0.1:$(PORT)
	$(PY) -m game.server --port $(PORT)

test: .venv/browser .venv/servers node_modules/.package-lock.json  ## everything that must hold: `check`, and beside it all tests
	$(MAKE) --no-print-directory --jobs=2 check tests

tests: .venv/browser .venv/servers
	$(PY) -m pytest --numprocesses=$(WORKERS)

quick: .venv/test node_modules/.package-lock.json  ## under 2 minutes on 2 cores: `check`, and beside it the pure tests
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target check pure

# No servers, browsers, training or processes of their own.
PURE := tests/test_repository.py tests/models tests/game/rules tests/game/words tests/game/test_messages.py tests/training/statistics tests/training/analysis tests/training/suites tests/training/experiment/test_tuning.py tests/training/engines/test_progress.py
NOT_PURE := tests/models/test_classify.py tests/models/test_starting.py

pure: .venv/test
	$(PY) -m pytest $(PURE) $(addprefix --ignore=,$(NOT_PURE))

check: .venv/test node_modules/.package-lock.json  ## what holds without running: format, lint, types, the arrows between packages
	$(PY) -m ruff format --check . && $(PY) -m ruff check . && .venv/bin/pyright && .venv/bin/lint-imports
	npm run --silent check
	$(PY) -m game.web.assets --check && $(PY) -m game.static_site.assets --check

compare: .venv/train  ## the experiment
	$(PY) -m training.compare $(OPTIONS)

MODELS := classic-b0 words-b0

model: .venv/train  ## classic-b0 and words-b0 again, by the commands of their cards
	for name in $(MODELS); do $(PY) -m training.remake --name $$name $(OPTIONS) || exit; done

pictures: .venv/browser  ## the thumbnail and the moving picture of the README, taken by a real browser
	$(PY) -m tests.browser.states
	$(PY) -m tests.browser.moving_picture

# Stamps: touched once installed, older than pyproject.toml when something has to be installed again.
.venv/train: EXTRAS = [train]
.venv/test: EXTRAS = [train,dev]
.venv/play .venv/train .venv/test: pyproject.toml
	$(PYTHON) -m venv .venv
	$(if $(and $(TORCH_INDEX),$(EXTRAS)),$(PY) -m pip install --disable-pip-version-check --index-url $(TORCH_INDEX) torch torchvision)
	$(PY) -m pip install --disable-pip-version-check --editable '.$(EXTRAS)'
	touch $@

# Written by npm itself. Not in .venv, which several checkouts may share.
node_modules/.package-lock.json: package.json package-lock.json
	command -v npm || { [ "$$(id -u)" = 0 ] && apt-get update && apt-get install --yes nodejs npm; } || { echo "Install Node.js 20 or newer, which checks the JavaScript."; false; }
	npm ci --no-audit --no-fund
	touch $@

.venv/browser: .venv/test
	command -v chromium || { [ "$$(id -u)" = 0 ] && apt-get update && apt-get install --yes chromium; } || $(PY) -m playwright install chromium
	touch $@

.venv/servers: .venv/test
	{ command -v redis-server && command -v nginx && command -v caddy && ls /usr/lib/postgresql/*/bin/initdb; } || { [ "$$(id -u)" = 0 ] && apt-get update && apt-get install --yes redis-server postgresql nginx-light caddy; } || { echo "Install redis-server, PostgreSQL, nginx and Caddy, which the tests run."; false; }
	touch $@

.PHONY: play test tests quick pure check compare model pictures
