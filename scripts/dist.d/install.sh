#!/bin/sh
# Installs upstream-reset for this user, without root: downloads the archive for this platform, compares its SHA-256, unpacks
# it, and puts links to its programs into ~/.local/bin.
set -eu

usage() {
  cat <<EOF
Usage: sh install.sh [--version V] [--from URL|DIR] [--to DIR] [--bin DIR]

  --version V   the release (default: @VERSION@)
  --from        where the archive and its .sha256 are (default: that release of github.com/@REPOSITORY@)
  --to DIR      the folder for it (default: ~/.local/share/upstream-reset)
  --bin DIR     the folder for the links (default: ~/.local/bin)
  --help        this text
EOF
}

die() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

version='@VERSION@' from='' to='' bin=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --version | --from | --to | --bin) [ -n "${2:-}" ] || die "$1 needs a value. Try --help." 2 ;;
    *) die "unknown argument '$1'. Try --help." 2 ;;
  esac
  case $1 in
    --version) version=${2#v} ;;
    --from) from=$2 ;;
    --to) to=$2 ;;
    --bin) bin=$2 ;;
  esac
  shift 2
done
[ -n "${HOME:-}" ] || { [ -n "$to" ] && [ -n "$bin" ]; } || die "HOME is not set: say --to DIR and --bin DIR." 2
to=${to:-$HOME/.local/share/upstream-reset}
bin=${bin:-$HOME/.local/bin}
# The links must work from any folder.
case $to in /*) ;; *) to=$PWD/$to ;; esac
case $bin in /*) ;; *) bin=$PWD/$bin ;; esac
from=${from:-https://github.com/@REPOSITORY@/releases/download/v$version}

system=$(uname -s)
machine=$(uname -m)
case $system-$machine in
  Linux-x86_64) platform=linux-amd64 ;;
  Linux-aarch64 | Linux-arm64) platform=linux-arm64 ;;
  Darwin-arm64) platform=darwin-arm64 ;;
  *) die "there is no archive for $system on $machine; there are Linux on x86-64 and arm64, and macOS on arm64. With a JDK 25, run it from a clone." ;;
esac
# The runtime needs glibc.
if [ "$system" = Linux ] && ! ldd --version 2>&1 | grep -qi -e glibc -e 'gnu libc' -e 'free software'; then
  die "the archive's Java runtime needs glibc, and this Linux has another C library. With a JDK 25, run it from a clone."
fi

fetch() {
  case $from in
    *://*)
      if command -v curl >/dev/null; then
        curl -fsSL --retry 3 -o "$2" "$from/$1"
      elif command -v wget >/dev/null; then
        wget -q -O "$2" "$from/$1"
      else
        die "neither curl nor wget is on PATH."
      fi
      ;;
    *) cp "$from/$1" "$2" ;;
  esac || die "$1 could not be had from $from. Check the network and the version, or say --from where it is."
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1
}

name=upstream-reset-$version-$platform.tar.gz
mkdir -p "$to" "$bin" || die "$to or $bin could not be made."
[ -w "$bin" ] || die "$bin cannot be written to."
for program in upstream-reset kubectl-upstream_reset kubectl_complete-upstream_reset; do
  [ -L "$bin/$program" ] || [ ! -e "$bin/$program" ] ||
    die "$bin/$program is there and is no link of this script's: nothing was installed. Move it, or say --bin DIR."
done
work=$(mktemp -d "$to/.install.XXXXXX") || die "$to cannot be written to."
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fetch "$name" "$work/archive"
fetch "$name.sha256" "$work/sum"
expected=$(cut -d' ' -f1 <"$work/sum")
actual=$(sum "$work/archive")
[ "$actual" = "${expected:-none}" ] ||
  die "the SHA-256 of $name is $actual, and $name.sha256 says ${expected:-nothing}: nothing was installed. Download it again."
tar -xzf "$work/archive" -C "$work" || die "$name could not be unpacked: nothing was installed."
"$work/upstream-reset/bin/upstream-reset" --version >"$work/said" 2>&1 ||
  die "it does not run here, nothing was installed: $(head -n 1 "$work/said")"
# Removes the previous version last.
[ ! -e "$to/$version" ] || mv "$to/$version" "$work/old"
mv "$work/upstream-reset" "$to/$version"
for program in "$to/$version"/bin/*; do
  ln -sf "$program" "$bin/"
done
echo "installed $(cat "$work/said") in $to/$version, with links in $bin"
case :$PATH: in
  *":$bin:"*) ;;
  *) echo "$bin is not on your PATH: add it, for example by  export PATH=\"$bin:\$PATH\"" ;;
esac
