# Read by the other scripts: makes a folder of .build-deps whole or not at all, and only when its recipe changed.
#
#   place NAME RECIPE-FILE...    leaves the script when .build-deps/NAME was made by this very recipe;
#                                otherwise goes on in a new empty folder, $work
#   fetch REQUIREMENTS [OPTION…] downloads the packages pinned by hash in a requirements file into $work
#   publish                      puts $work in the place of .build-deps/NAME
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

place() {
  name=$1
  shift
  recipe=$(cd "$here" && cat place.sh "$@" | cksum)
  target=$root/.build-deps/$name
  if [ "$(cat "$target/.recipe" 2>/dev/null)" = "$recipe" ]; then exit 0; fi
  echo "setup: making .build-deps/$name"
  mkdir -p "$root/.build-deps"
  # What an interrupted run left behind; a run that goes on at this moment is younger.
  find "$root/.build-deps" -maxdepth 1 -name '.new-*' -mmin +60 -exec rm -rf {} +
  work=$(mktemp -d "$root/.build-deps/.new-$name-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  cd "$work"
}

fetch() {
  requirements=$here/$1
  shift
  python3 -m pip download -q --disable-pip-version-check --no-deps --require-hashes -r "$requirements" "$@"
}

publish() {
  printf '%s\n' "$recipe" > .recipe
  chmod 755 .
  cd "$root"
  old=$root/.build-deps/.new-old-$$
  if [ -e "$target" ]; then mv "$target" "$old"; fi
  mv "$work" "$target"
  rm -rf "$old"
}
