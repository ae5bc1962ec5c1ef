# One word each: every target is a thin call of a script. `make` alone lists them.
.PHONY: help run build test test-fresh proof bench asan tsan fuzz format lint docs clean

help:
	@echo 'make run         set up, build and run the service with its defaults'
	@echo 'make test        set up, build and run all tests'
	@echo 'make proof       the tests that try at random, at full length'
	@echo 'make build       optimized programs in build/bin/'
	@echo 'make bench       measure, and print one table'
	@echo 'make asan        all tests under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make tsan        the tests of ingest/ under ThreadSanitizer'
	@echo 'make fuzz        replay the corpora, then fuzz each target for a while'
	@echo 'make format      format all C++'
	@echo 'make lint        clang-tidy, shellcheck, and the rules of the house'
	@echo 'make docs        write the tables of docs/configuration.md anew'
	@echo 'make test-fresh  the two commands of the README on a bare Debian 12'
	@echo 'make clean       remove build/'

run:
	@scripts/run.sh

build:
	@scripts/setup.sh build
	@scripts/build.sh release inletd inletctl

test:
	@scripts/test.sh release

proof:
	@scripts/proof.sh

test-fresh:
	@scripts/test-fresh.sh

bench:
	@scripts/bench.sh

asan:
	@scripts/test.sh asan

tsan:
	@scripts/test.sh tsan

fuzz:
	@scripts/fuzz.sh 60

format:
	@scripts/format.sh

lint:
	@scripts/lint.sh

docs:
	@scripts/setup-tools.sh
	@scripts/with-tools.sh python scripts/settings_docs.py

clean:
	rm -rf build
