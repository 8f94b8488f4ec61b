#!/bin/sh
# Writes CDNOW's purchases as a log of events, where the analyses look for it.
set -eu
cd "$(dirname "$0")/../.."
source=.build-deps/cdnow/CDNOW_master.txt
target=analyses/data/cdnow/purchases.csv
if [ -f "$target" ] && [ ! "$source" -nt "$target" ]; then exit 0; fi
mkdir -p "${target%/*}"
tr -d '\r' < "$source" | awk '
  BEGIN { print "customer_id,ts,event,discs,amount" }
  NR > 1 {
    printf "%s,%s-%s-%s,purchase,%s,%s\n", $1, substr($2, 1, 4), substr($2, 5, 2), substr($2, 7), $3, $4
  }' > "$target.new"
mv "$target.new" "$target"
