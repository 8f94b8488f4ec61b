#!/bin/sh
# Installs the Debian packages named as arguments, those that are missing, and says what to do where it cannot.
set -eu

missing=
if command -v dpkg-query >/dev/null; then
  for package in "$@"; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    case $status in *' installed') ;; *) missing="$missing $package" ;; esac
  done
else
  echo "setup: this is not Debian or Ubuntu; install what these packages hold yourself: $*" >&2
  echo "setup: on macOS: brew install duckdb cmark-gfm boost openssl@3 re2 pkgconf" >&2
  exit 0
fi
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: installing packages needs root or sudo; as root, run: apt-get install$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "setup: installing$missing"
$as_root apt-get update -q
# shellcheck disable=SC2086 — the list is meant to be split
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
