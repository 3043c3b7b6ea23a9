# The two commands: `make run` and `make test`. Nothing else needs to be installed but python3 (3.11+).
#   make run PORT=8001            another port
#   make run PYTHON=python3.13    another Python
#   make test ARGS="-k accept"    some tests only
#   make screenshots              the pictures of the README, anew
#   make soak MINUTES=60          kills, stops and restarts every part under load, for so long (10 minutes)
PYTHON = python3
VENV = .venv/bin/python
MINUTES = 10
SHELL = /bin/sh

.PHONY: run test check soak screenshots chromium
.DELETE_ON_ERROR:

run: .venv/for-running
	@exec $(VENV) manage.py run

test: check chromium
	@echo "· Running the tests"
	@exec $(VENV) -m pytest -n 2 --dist loadgroup $(ARGS)

# The browser for the tests of pages: Debian's, installed where that can be done.
chromium:
	@command -v chromium >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "· Installing chromium: once" \
			&& { apt-get -qq update; DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium; } >/dev/null; \
	} || echo "· The tests of pages need chromium, and are left out without it. Install it: apt install chromium"

soak: .venv/for-testing
	@exec env SOAK_MINUTES=$(MINUTES) $(VENV) -m pytest tests/faults -v -s $(ARGS)

screenshots: .venv/for-testing
	@exec $(VENV) -m pytest tests/web/browser/take_screenshots.py -q

# The settings of an installation, for what is checked about installations.
INSTALLATION = DATABASE_URL=postgres://localhost/tracker REDIS_URL=redis://localhost ALLOWED_HOSTS=example.org \
	EMAIL_URL=smtp://localhost MAIL_FROM=tracker@example.org \
	SECRET_KEY=nothing-is-signed-with-this-key-0123456789-abcdefghijklmnop

check: .venv/for-testing
	@echo "· Checking style, types and layers"
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m ruff format --check --quiet .
	@$(VENV) -m mypy
	@$(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	@echo "· Checking settings and the description of the API"
	@$(INSTALLATION) $(VENV) manage.py check --deploy --fail-level WARNING
	@$(INSTALLATION) $(VENV) manage.py spectacular --validate --fail-on-warn --file /dev/null
	@echo "· Checking migrations"
	@$(VENV) manage.py makemigrations --settings tests.settings --check --dry-run
	@LOG_LEVEL=WARNING $(VENV) manage.py lintmigrations --settings tests.settings

# A file in .venv remembers what was installed, so that it is done again only when that has changed.
.venv/for-running: requirements.txt
.venv/for-testing: requirements.txt requirements-dev.txt
.venv/for-%:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed, $(PYTHON) is " + sys.version.split()[0] + ". Choose another: make PYTHON=python3.13")'
	@$(VENV) -m pip --version >/dev/null 2>&1 || { \
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
			|| { echo "Python's venv module is missing. Install it: apt install python3-venv"; exit 1; }; \
		echo "· Making .venv"; $(PYTHON) -m venv --clear .venv; }
	@echo "· Installing $(lastword $^) into .venv: about a minute, once"
	@# Half the time, as most of what is installed is never imported.
	@$(VENV) -m pip install --no-compile --disable-pip-version-check --no-input --quiet -r $(lastword $^)
	@touch $@
