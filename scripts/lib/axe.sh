# shellcheck shell=bash
# axe-core from npm, the accessibility checker. To be sourced; needs lib/cluster.sh.

# Where nobody says it, the home directory is that of the user's entry.
HOME=${HOME:-~}

readonly AXE=4.14.1
readonly AXE_SHA256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

# Prints the path of axe.min.js in the user's cache; the first time, npm downloads it without running its scripts.
find_axe() (
  local target part
  target=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/axe-core-$AXE.min.js
  if [ ! -s "$target" ]; then
    command -v npm >/dev/null || { echo "${0##*/}: npm is needed for axe-core (Debian package npm)" >&2; return 1; }
    mkdir -p "${target%/*}"
    part=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder as it is now
    trap "rm -rf '$part'" EXIT
    (cd "$part" && npm pack --silent --ignore-scripts "axe-core@$AXE" >pack.log && tar -xzf "axe-core-$AXE.tgz" package/axe.min.js) >&2 ||
      { echo "${0##*/}: npm could not fetch axe-core $AXE" >&2; return 1; }
    [ "$(sha256_of "$part/package/axe.min.js")" = "$AXE_SHA256" ] ||
      { echo "${0##*/}: axe-core $AXE is not the file that was pinned" >&2; return 1; }
    mv "$part/package/axe.min.js" "$target"
  fi
  echo "$target"
)
