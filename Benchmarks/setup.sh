#!/bin/sh
# Makes .build-deps/bench, a Python environment with what the benchmarks compare with, when its recipe has changed.
set -eu
cd "$(dirname "$0")"
place=../.build-deps/bench
recipe=$(cat setup.sh requirements.txt | cksum)
if [ "$(cat $place/.recipe 2>/dev/null)" = "$recipe" ]; then exit 0; fi
echo 'bench: making .build-deps/bench'
mkdir -p ../.build-deps
python3 -m venv --clear $place
$place/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
printf '%s\n' "$recipe" > $place/.recipe
