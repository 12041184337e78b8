# shellcheck shell=bash
# What scripts/bootstrap hands on where images are private: their registry and the secret that opens it. To be sourced; reads
# bootstrap's options.
# shellcheck disable=SC2154 # those

# from_registry NAME: prints an image's name as --registry has it.
from_registry() { printf '%s' "$registry/${1#*/}"; }

# Sets pull_secret_name, or says why the file of --pull-secret is none.
read_pull_secret() {
  local found
  pull_secret_name=''
  [ -n "$pull_secret" ] || return 0
  found=$(kube create --dry-run=client -f "$pull_secret" -o 'jsonpath={.kind} {.type} {.metadata.name}') || found=''
  [[ $found =~ ^Secret\ kubernetes\.io/dockerconfigjson\ ([a-z0-9.-]+)$ ]] ||
    die "$pull_secret is not a Secret of type kubernetes.io/dockerconfigjson. One is written by:" \
      "kubectl create secret docker-registry NAME --docker-server=… --docker-username=… --docker-password=… --dry-run=client -o yaml"
  pull_secret_name=${BASH_REMATCH[1]}
}

# apply_own_secret FILE NAMESPACE: applies the Secret there, with our label.
apply_own_secret() {
  mkdir -p "$temporary/secret"
  cp "$1" "$temporary/secret/secret.yaml"
  printf 'resources: [secret.yaml]\nnamespace: %s\nlabels: [{pairs: {%s: %s}}]\n' "$2" "$OWN_LABEL" "$OWN_VALUE" \
    >"$temporary/secret/kustomization.yaml"
  kubectl kustomize "$temporary/secret" | kube apply --server-side --field-manager=upstream-reset -f - >&2 ||
    die "$1 is not a valid Secret"
}

# apply_pull_secret NAMESPACE: applies it there, where there is one.
apply_pull_secret() {
  [ -n "$pull_secret" ] || return 0
  say "handing namespace $1 the pull secret $pull_secret_name"
  apply_own_secret "$pull_secret" "$1"
}

# Prints what the lab's Pods get beside their manifests, as Kustomize's list of patches; nothing where it is nothing.
pod_patches() {
  if [ -n "$istio_revision" ]; then
    cat <<EOF
- target: {kind: StatefulSet, name: http-chunked}
  patch: |-
    - op: add
      path: /spec/template/metadata/labels/istio.io~1rev
      value: "$istio_revision"
EOF
  fi
  [ -z "$pull_secret" ] || pull_secret_patch StatefulSet
}

# pull_secret_patch KINDS: prints, as an entry of Kustomize's list, what has the Pods of these pull with the secret.
pull_secret_patch() {
  cat <<EOF
- target: {kind: $1}
  patch: |-
    - op: add
      path: /spec/template/spec/imagePullSecrets
      value: [{name: "$pull_secret_name"}]
EOF
}

# Prints what Istio's charts get beside their values.
istio_global() {
  [ -n "$registry$pull_secret" ] || return 0
  echo 'global:'
  [ -z "$registry" ] || printf '  hub: "%s/istio"\n' "$registry"
  [ -z "$pull_secret" ] || printf '  imagePullSecrets: ["%s"]\n' "$pull_secret_name"
}

# indented N TEXT
indented() {
  local spaces
  printf -v spaces '%*s' "$1" ''
  # shellcheck disable=SC2001 # each line of it
  sed "s/^/$spaces/" <<<"$2"
}
