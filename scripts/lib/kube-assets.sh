# shellcheck shell=bash
# Finds or builds the Kubernetes programs of the tests. To be sourced; see kube_assets; needs lib/go.sh.

# Where nobody says it, the home directory is that of the user's entry.
HOME=${HOME:-~}

readonly KUBE_PROGRAMS=(etcd kube-apiserver kubectl)
# The module that pins the versions; with "-newest" behind it that of the newest Kubernetes.
KUBE_MODULE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../kube" && pwd)

# Prints the folder that holds etcd, kube-apiserver and kubectl: KUBEBUILDER_ASSETS (the convention of envtest) where it
# is set, else the cache, which is filled first where it is empty: by Go, from the modules that go.mod of KUBE_MODULE pins.
kube_assets() {
  local folder program
  if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
    for program in "${KUBE_PROGRAMS[@]}"; do
      if [ ! -x "$KUBEBUILDER_ASSETS/$program" ]; then
        echo "${0##*/}: KUBEBUILDER_ASSETS is set to $KUBEBUILDER_ASSETS, where there is no program $program." \
          "Set it to a folder that has ${KUBE_PROGRAMS[*]}, or unset it: then they are built." >&2
        return 1
      fi
    done
    echo "$KUBEBUILDER_ASSETS"
    return
  fi
  folder=$(kube_cache)
  [ -d "$folder" ] || build_kube "$folder" || return 1
  echo "$folder"
}

# What can be done without a Go.
no_go() {
  echo "${0##*/}: without it kube-apiserver is not built: set KUBEBUILDER_ASSETS to a folder with ${KUBE_PROGRAMS[*]}, or leave" \
    "these tests out: scripts/test --no-kube" >&2
}

# The Kubernetes version that it pins.
kube_version() {
  sed -n 's/^.*k8s\.io\/kubernetes \(v[0-9.]*\).*$/\1/p' "$KUBE_MODULE/go.mod"
}

kube_cache() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/kube/$(kube_version)"
}

# Builds into a folder beside $1 and renames it: whoever looks sees all of the programs or none. Of two that start at
# once the second waits for the first; without flock(1) both build and the later one throws its work away.
build_kube() (
  local target=$1 go version part
  go=$(find_go) || { no_go; return 1; }
  version=$(kube_version)
  mkdir -p "${target%/*}"
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$target.lock"
    flock 9
    [ ! -d "$target" ] || return 0
  fi
  part=$(mktemp -d "$target.XXXXXX")
  # shellcheck disable=SC2064 # the folder as it is now
  trap "rm -rf '$part'" EXIT
  echo "${0##*/}: building kube-apiserver and kubectl $version and etcd with $("$go" env GOVERSION);" \
    "about 5 minutes on two cores, once: then they are in $target" >&2
  local -a stamp
  IFS=. read -ra stamp <<<"${version#v}"
  local package=k8s.io/component-base/version ldflags
  ldflags="-s -w -X $package.gitVersion=$version -X $package.gitMajor=${stamp[0]} -X $package.gitMinor=${stamp[1]}"
  kube_go_build "$go" "$part/etcd" "$ldflags" go.etcd.io/etcd/server/v3 &&
    kube_go_build "$go" "$part/kube-apiserver" "$ldflags" k8s.io/kubernetes/cmd/kube-apiserver &&
    kube_go_build "$go" "$part/kubectl" "$ldflags" k8s.io/kubernetes/cmd/kubectl || return 1
  chmod 755 "$part"
  mv "$part" "$target" 2>/dev/null || [ -x "$target/kube-apiserver" ]
)

# Prints the path of client-go's own candidate (scripts/kube/client-go-candidate), built where it is not yet. Its name
# in the cache carries its source's checksum.
client_go_candidate() (
  local go sum target part
  sum=$(cat "$KUBE_MODULE/go.sum" "$KUBE_MODULE/client-go-candidate/main.go" | cksum)
  target=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/kube/client-go-candidate-${sum%% *}
  if [ ! -x "$target" ]; then
    go=$(find_go) || return 1
    mkdir -p "${target%/*}"
    part=$(mktemp "$target.XXXXXX")
    # shellcheck disable=SC2064 # the file as it is now
    trap "rm -f '$part'" EXIT
    kube_go_build "$go" "$part" '-s -w' ./client-go-candidate || return 1
    mv "$part" "$target"
  fi
  echo "$target"
)

# kube_go_build GO OUTPUT LDFLAGS PACKAGE
kube_go_build() {
  (cd "$KUBE_MODULE" && CGO_ENABLED=0 GOFLAGS='' GOWORK=off "$1" build -mod=readonly -trimpath -buildvcs=false -ldflags "$3" -o "$2" "$4") >&2 || {
    echo "${0##*/}: Go could not build $4 (its own words are above)" >&2
    return 1
  }
}
