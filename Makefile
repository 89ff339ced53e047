# Two commands matter: `make run` and `make test`. Only Python 3.11+, Node 20+ and make are needed.

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for p in python3.11 python3 python3.12 python3.13 python3.14 python; do \
	"$$p" -c '$(ENOUGH)' 2>/dev/null && { echo "$$p"; break; }; done)

.PHONY: help build run test check fix bench schema messages lock clean

help:  ## Say what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

build:  ## Everything `make run` needs, without running it
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed; none was found."; \
		echo "On Debian or Ubuntu: apt-get install python3 python3-venv"; exit 1; fi
	@"$(PYTHON)" tools/build.py

run: build  ## Serve on HOST:PORT (127.0.0.1:8000); Ctrl-C stops everything
	@exec .venv/bin/tongxin run

test: build  ## Everything the build checks (ARGS="-k words" chooses tests)
	@exec .venv/bin/python tools/check.py $(ARGS)

check: build  ## Style, tower and messages only: seconds
	@exec .venv/bin/python tools/check.py --quick

fix: build  ## Format, and mend what can be mended safely
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .

bench: build  ## Print every performance ratio
	@exec .venv/bin/python -m bench

schema: build  ## Write tongxin/schema.sql again after new migrations
	.venv/bin/tongxin schema-snapshot

messages: build  ## Collect and compile the translations
	.venv/bin/python tools/messages.py

lock: build  ## Choose and lock the dependencies again
	.venv/bin/python tools/lock.py

clean:  ## Remove what was built; data in var/ stay
	rm -rf .venv build frontend/dist frontend/node_modules
