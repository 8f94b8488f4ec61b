# `make render` goes from a fresh machine with Swift to rendered reports; `make help` says the rest.

THROUGHLINE = .build/release/throughline
PREFIX ?= /usr/local
EVENTS ?= 20M
SOURCES = Package.swift Sources Tests templates Documentation Benchmarks/Package.swift Benchmarks/Sources

PACKAGES = binutils gcc g++ libboost-math-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libre2-dev libssl-dev make \
  pkg-config python3-pip unzip zlib1g-dev
TEST_PACKAGES = chromium default-jre-headless

# A crash in a test ends at once, and does not wait for a debugger to symbolicate it.
export SWIFT_BACKTRACE = enable=no
# The program finds what setup made beside itself; tests and benchmarks are run by programs that lie elsewhere.
test bench: export THROUGHLINE_DUCKDB ?= $(CURDIR)/.build-deps/duckdb/libduckdb.so
# Commands are tested as they are shipped.
test: export THROUGHLINE_PROGRAM ?= $(CURDIR)/$(THROUGHLINE)

.DEFAULT_GOAL := help
.PHONY: help setup setup-test build data render test bench format install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## installs what the program needs, once
	@command -v swift >/dev/null || { echo 'setup: no swift; see swift.org/install' >&2; exit 1; }
	@.ci/setup/packages.sh $(PACKAGES)
	@.ci/setup/duckdb.sh
	@.ci/setup/cdnow.sh

setup-test: setup ## … and what its tests need
	@.ci/setup/packages.sh $(TEST_PACKAGES)
	@.ci/setup/checkers.sh

# With Swift's libraries in the program it starts in half the time, and runs where Swift is not installed.
build: setup ## builds .build/release/throughline
	swift build -c release --static-swift-stdlib -Xswiftc -use-ld=lld --product throughline

data: build ## writes the data that the analyses read
	$(THROUGHLINE) simulate analyses/shop.yaml
	@.ci/setup/purchases.sh

render: data ## renders the analyses
	$(THROUGHLINE) render analyses

test: setup-test ## checks format, warnings, tests and the committed reports
	swift format lint -s -r -p $(SOURCES)
	$(MAKE) data
	$(THROUGHLINE) check analyses
	swift build --build-tests -Xswiftc -warnings-as-errors
	swift test --disable-xctest --skip-build

bench: data ## measures engine, ingest and rendering beside their peers; EVENTS=100M for more than 20 million
	@Benchmarks/setup.sh
	swift build -c release --package-path Benchmarks --product Runner
	.build-deps/bench/bin/python Benchmarks/engine.py --events $(EVENTS)
	.build-deps/bench/bin/python Benchmarks/ingest.py --events $(EVENTS)
	.build-deps/bench/bin/python Benchmarks/render.py

format: ## formats the sources in place
	swift format -i -r -p $(SOURCES)

install: build ## installs below PREFIX, /usr/local by default
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/throughline
	install -s -m 755 $(THROUGHLINE) $(DESTDIR)$(PREFIX)/bin/throughline
	@if [ -d .build-deps/duckdb ]; then set -x; \
	  install -m 755 .build-deps/duckdb/lib*.so $(DESTDIR)$(PREFIX)/lib/throughline/; fi

clean: ## removes what was built; what setup fetched stays
	rm -rf .build
