# shellcheck shell=bash
# Third-party programs for the tests, built by Go from a pinned version. To be sourced; needs lib/go.sh.

# Where nobody says it, the home directory is that of the user's entry.
HOME=${HOME:-~}

# The linter of the GitHub workflows.
find_actionlint() {
  find_go_tool actionlint github.com/rhysd/actionlint/cmd/actionlint v1.7.12
}

# kubectl's plugin manager, to install the archive of scripts/dist.
find_krew() {
  find_go_tool krew sigs.k8s.io/krew/cmd/krew v0.4.3
}

# find_go_tool NAME PACKAGE VERSION: prints the program's path in the user's cache. The first time, Go builds it there in half
# a minute, from sources verified by Go's checksum database.
find_go_tool() (
  local go target part
  target=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/$1-$3
  if [ ! -x "$target" ]; then
    go=$(find_go) || return 1
    mkdir -p "${target%/*}"
    part=$(mktemp -d "$target.XXXXXX")
    # shellcheck disable=SC2064 # the folder as it is now
    trap "rm -rf '$part'" EXIT
    echo "${0##*/}: building $1 $3, once: then it is $target" >&2
    # If it needs a newer Go, Go downloads that.
    (cd "$part" && GOBIN=$part CGO_ENABLED=0 GOFLAGS='' GOWORK=off GOTOOLCHAIN=${GOTOOLCHAIN:-auto} \
      "$go" install "$2@$3") >&2 || return 1
    mv "$part/$1" "$target"
  fi
  echo "$target"
)
