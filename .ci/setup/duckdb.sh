#!/bin/sh
# Makes a plain libduckdb.so of DuckDB's Python wheel, which exports all of DuckDB's C interfaces but wants some 200
# symbols of Python's. None of them is called through the C interfaces, so a small library that defines them, and
# that depends on the wheel's, can be loaded as DuckDB without Python.
. "$(dirname "$0")/place.sh"
[ "$(uname -s)" = Linux ] || exit 0
place duckdb duckdb.sh duckdb.txt

fetch duckdb.txt --only-binary=:all: --implementation cp --python-version 3.11 \
  --platform "manylinux_2_28_$(uname -m)"
unzip -q -j ./*.whl 'duckdb-*/licenses/LICENSE' '_duckdb.*.so' -d .
mv _duckdb.*.so libduckdb_py.so

# Objects need an address and a size, functions a body.
nm -D --undefined-only libduckdb_py.so | awk '
  BEGIN {
    print "#include <stdio.h>\n#include <stdlib.h>"
    print "static void unexpected(const char *name) {"
    print "  fprintf(stderr, \"libduckdb: %s was called, and there is no Python here\\n\", name);"
    print "  abort();\n}"
  }
  $2 ~ /^_?Py/ && /_Type$|Struct$|PyExc_/ { print "long " $2 "[128];"; next }
  $2 ~ /^_?Py/ { print "void " $2 "(void) { unexpected(\"" $2 "\"); }" }
' > python.c

# The wheel's library has no SONAME: named by -l: it is recorded by its file name, by a path it would be by the path.
cc -O1 -shared -fPIC python.c -o libduckdb.so -Wl,-soname,libduckdb.so -L. -Wl,--no-as-needed -l:libduckdb_py.so \
  -Wl,-rpath,'$ORIGIN' -Wl,--allow-shlib-undefined -Wl,-z,now
rm -f ./*.whl python.c
publish
