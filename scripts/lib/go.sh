# shellcheck shell=bash
# Finds a Go that is new enough for the tests, or downloads one with an older Go. To be sourced; see find_go.

# Where nobody says it, the home directory is that of the user's entry.
HOME=${HOME:-~}

# The oldest Go that builds Kubernetes, and the version to download if there is none.
readonly GO_NEEDED=1.24
readonly GO_FETCHED=go1.26.8

# Prints a go of GO_NEEDED or newer: on PATH, in the usual folders or in our cache; else an older one, such as Debian 12's
# 1.19, downloads Go's own toolchain module, checked by Go's checksum database, as Go from 1.21 on does by itself.
find_go() {
  local go found='' old='' version cache=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/go/$GO_FETCHED
  for go in "$(command -v go 2>/dev/null)" /usr/local/go/bin/go /usr/lib/go-1.*/bin/go "$cache/bin/go"; do
    [ -x "$go" ] || continue
    # "go version go1.24.4 linux/amd64": its own version, not that of a go.mod here.
    version=$(cd / && GOTOOLCHAIN=local GOFLAGS='' "$go" version 2>/dev/null | cut -d' ' -f3) || continue
    if [ "$(printf '%s\n' "go$GO_NEEDED" "$version" | sort -V | head -n 1)" = "go$GO_NEEDED" ]; then
      echo "$go"
      return
    fi
    old=$go
    found="$found $go ($version)"
  done
  if [ -n "$old" ] && fetch_go "$old" "$cache"; then
    echo "$cache/bin/go"
    return
  fi
  echo "${0##*/}: Go $GO_NEEDED or newer is needed; found:${found:- none}. Any Go from 1.16 on fetches $GO_FETCHED for" \
    "itself where it can reach the module proxy: install Debian's golang-go, or a release of go.dev" >&2
  return 1
}

# fetch_go OLD FOLDER: puts GO_FETCHED into FOLDER, or leaves nothing.
fetch_go() (
  local module part
  echo "${0##*/}: fetching $GO_FETCHED by $1, once: then it is in $2" >&2
  mkdir -p "${2%/*}"
  part=$(mktemp -d "$2.XXXXXX")
  # shellcheck disable=SC2064 # the folder as it is now
  trap "chmod -R u+w '$part' && rm -rf '$part'" EXIT
  module=golang.org/toolchain@v0.0.1-$GO_FETCHED.$("$1" env GOOS)-$("$1" env GOARCH)
  (cd "$part" && GOFLAGS=-modcacherw GOWORK=off GOPATH=$part/path GO111MODULE=on "$1" mod download "$module") >&2 || return 1
  # Files in a Go module have no modes.
  chmod +x "$part/path/pkg/mod/$module"/bin/* "$part/path/pkg/mod/$module"/pkg/tool/*/*
  mv "$part/path/pkg/mod/$module" "$2" 2>/dev/null || [ -x "$2/bin/go" ]
)
