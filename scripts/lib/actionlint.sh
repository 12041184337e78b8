# shellcheck shell=bash
# The linter of the GitHub workflows, built by Go. To be sourced; needs lib/go.sh.

readonly ACTIONLINT=v1.7.12

# Prints the path of actionlint in the user's cache; Go builds it there the first time, half a minute.
find_actionlint() (
  local go target part
  target=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/actionlint-$ACTIONLINT
  if [ ! -x "$target" ]; then
    go=$(find_go) || return 1
    mkdir -p "${target%/*}"
    part=$(mktemp -d "$target.XXXXXX")
    # shellcheck disable=SC2064 # the folder as it is now
    trap "rm -rf '$part'" EXIT
    echo "${0##*/}: building actionlint $ACTIONLINT, once: then it is $target" >&2
    # It may need a newer Go than this: then Go fetches it.
    (cd "$part" && GOBIN=$part CGO_ENABLED=0 GOFLAGS='' GOWORK=off GOTOOLCHAIN=${GOTOOLCHAIN:-auto} \
      "$go" install "github.com/rhysd/actionlint/cmd/actionlint@$ACTIONLINT") >&2 || return 1
    mv "$part/actionlint" "$target"
  fi
  echo "$target"
)
