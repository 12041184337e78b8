# shellcheck shell=bash
# Installs the lab, and Istio where there is none, by kubectl and helm alone. To be sourced by scripts/bootstrap, whose options
# it reads.
# shellcheck disable=SC2034,SC2154 # those

# Renders charts without a cluster.
readonly HELM_NEEDED=3.8

# What of Argo CD's applications goes by charts: "WAVE APPLICATION CHART VERSION", one a line, in the order of the waves.
istio_charts() {
  awk '
    function put() { if (chart != "") print wave, name, chart, version; chart = "" }
    /^---$/ { put() }
    /argocd.argoproj.io\/sync-wave:/ { wave = $2; gsub("\"", "", wave) }
    /^  name: / { name = $2 }
    /^    chart: / { chart = $2 }
    /^    targetRevision: / { version = $2 }
    END { put() }' "$1" | sort -n
}

# istio_values FILE APPLICATION: prints the values that the application hands to its chart.
istio_values() {
  awk -v wanted="$2" '
    /^---$/ { if (name == wanted) printf "%s", values; name = values = ""; depth = 0 }
    /^  name: / { name = $2 }
    depth && match($0, /[^ ]/) - 1 <= depth { depth = 0 }
    depth { values = values substr($0, depth + 3) "\n" }
    /^ *valuesObject:$/ { depth = match($0, /[^ ]/) - 1 }
    END { if (name == wanted) printf "%s", values }' "$1"
}

# Renders the charts that the overlay's Argo CD applications name, with their values, and applies them wave by wave.
install_istio() {
  local wave name chart version where each folder
  kubectl kustomize "argocd/$applications" >"$temporary/applications.yaml" || die "argocd/$applications could not be built"
  say "installing Istio without Argo CD"
  ensure_namespace istio-system
  apply_pull_secret istio-system
  while read -r wave name chart version; do
    folder=$temporary/$name
    mkdir -p "$folder"
    istio_values "$temporary/applications.yaml" "$name" >"$folder/values.yaml"
    istio_global >"$folder/global.yaml"
    where=("$chart" --repo "$charts")
    [[ $charts = http*://* ]] || where=("$charts/$chart-$version.tgz")
    helm template "$name" "${where[@]}" --version "$version" --namespace istio-system --include-crds \
      --values "$folder/values.yaml" --values "$folder/global.yaml" >"$folder/all.yaml" ||
      die "helm could not render chart $chart $version of $charts; its own words are above"
    printf 'resources: [all.yaml]\nlabels: [{pairs: {%s: %s, %s: istio}}]\n' "$OWN_LABEL" "$OWN_VALUE" "$PART_LABEL" \
      >"$folder/kustomization.yaml"
    kubectl kustomize "$folder" >"$folder.yaml" || die "what helm made of chart $chart cannot be read"
    # By force: istiod fills in its own webhooks, and does so again.
    kube apply --server-side --force-conflicts --field-manager=upstream-reset -f "$folder.yaml" >&2 ||
      die "chart $chart could not be applied"
    [ -z "$(kube get crd -l "$ISTIO_SELECTOR" -o name)" ] ||
      kube wait --for=condition=Established crd -l "$ISTIO_SELECTOR" --timeout="${timeout}s" >/dev/null || die "Istio's CRDs are not established"
    for each in $(kube -n istio-system get deployments,daemonsets -l "$ISTIO_SELECTOR" -o name); do
      kube -n istio-system rollout status --timeout="${timeout}s" "$each" >&2 ||
        die "$each does not start; see: kubectl --context $CONTEXT -n istio-system get pods"
    done
  done < <(istio_charts "$temporary/applications.yaml")
}

# Builds the manifests of this clone with what the options say, and applies them.
install_by_kubectl() {
  local part mesh=', ../manifests/mesh'
  [ "$install_istio" = no ] || install_istio
  if [ "$(kube -n "$NAMESPACE" auth can-i create telemetries.telemetry.istio.io 2>/dev/null)" = no ]; then
    say "note: you may not create a Telemetry: the sidecars' access log is as the mesh has it"
    mesh=''
  fi
  say "applying overlay $overlay of this clone to namespace $NAMESPACE"
  # Kustomize takes only relative folders.
  built=$(mktemp -d "$PWD/.bootstrap.XXXXXX")
  {
    printf 'namespace: %s\nresources: [../manifests/overlays/%s, ../manifests/%s%s]\nimages:\n' \
      "$NAMESPACE" "$overlay" "$curl" "$mesh"
    [ -z "$image" ] || printf -- '- {name: upstream-reset, %s}\n' "$(new_image "$image")"
    [ -z "$registry" ] || printf -- '- {name: %s, newName: %s}\n' "$CURL_IMAGE" "$(from_registry "$CURL_IMAGE")"
    echo 'patches:'
    pod_patches
  } >"$built/kustomization.yaml"
  kubectl kustomize "$built" >"$temporary/lab.yaml" || die "the manifests could not be built"
  kube apply --server-side --field-manager=upstream-reset -f "$temporary/lab.yaml" >&2 || die "the manifests could not be applied"
  for part in statefulset/http-chunked statefulset/curl; do
    kube -n "$NAMESPACE" rollout status --timeout="${timeout}s" "$part" >&2 ||
      die "$part does not get ready; see: kubectl --context $CONTEXT -n $NAMESPACE get pods"
  done
}

# new_image IMAGE: prints it as an entry of Kustomize's list.
new_image() {
  local name=${1%%@*}
  if [[ $1 = *@* ]]; then
    [[ ${name##*/} != *:* ]] || name=${name%:*}
    printf 'newName: %s, digest: "%s"' "$name" "${1#*@}"
  elif [[ ${name##*/} = *:* ]]; then
    printf 'newName: %s, newTag: "%s"' "${name%:*}" "${name##*:}"
  else
    printf 'newName: %s, newTag: latest' "$name"
  fi
}
