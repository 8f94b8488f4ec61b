#!/bin/sh
# Fetches CDNOW's purchases, of all customers and of the one in ten that papers use.
. "$(dirname "$0")/place.sh"
place cdnow cdnow.sh cdnow.txt

fetch cdnow.txt --only-binary=:all:
unzip -q -j ./*.whl 'lifetimes/datasets/CDNOW_*.txt' -d .
rm -f ./*.whl
publish
