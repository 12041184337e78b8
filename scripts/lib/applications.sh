# shellcheck shell=bash
# Installs Argo CD, and the lab by it. To be sourced by scripts/bootstrap, whose options it reads.
# shellcheck disable=SC2154 # those

install_argocd() {
  [ "$argocd" != theirs ] || return 0
  labelled_argocd "$temporary/argocd"
  kubectl kustomize "$temporary/argocd" >"$temporary/argocd.yaml" || die "Argo CD's manifest $argocd_manifest cannot be read"
  [ -n "$(kube get namespace argocd --ignore-not-found -o name)" ] || kube apply --server-side -f argocd/namespace.yaml >&2
  apply_pull_secret argocd
  local part sum
  sum=$(sha256_of "$temporary/argocd.yaml" argocd/argocd-cm.yaml)
  if [ "$argocd" = ours ] && argocd_is "$sum"; then
    say "Argo CD is there as its manifest has it"
    return
  fi
  say "installing Argo CD $ARGOCD_VERSION"
  # Server-side: its ApplicationSet CRD is too large for the annotation of a client-side apply.
  kube apply --server-side --force-conflicts --namespace argocd -f "$temporary/argocd.yaml" >&2 ||
    die "could not install Argo CD from $argocd_manifest"
  kube apply --server-side --force-conflicts --field-manager=upstream-reset -f argocd/argocd-cm.yaml >&2
  for part in deployment/argocd-repo-server deployment/argocd-server statefulset/argocd-application-controller; do
    kube -n argocd rollout status --timeout="${timeout}s" "$part" >&2 ||
      die "Argo CD's $part does not start; see: kubectl --context $CONTEXT -n argocd get pods"
  done
  kube annotate --overwrite crd/applications.argoproj.io "$MANIFEST_ANNOTATION=$sum" >/dev/null
}

# On the CRD of Argo CD that we installed: the checksum of what was applied.
readonly MANIFEST_ANNOTATION=upstream-reset/manifest

# argocd_is CHECKSUM: was that installed last, are all of its objects there, and do its workloads run?
argocd_is() {
  local found
  found=$(kube get crd/applications.argoproj.io -o "jsonpath={.metadata.annotations.${MANIFEST_ANNOTATION//./\\.}}")
  [ "$found" = "$1" ] || return 1
  found=$(kube get --namespace argocd -f "$temporary/argocd.yaml" \
    -o 'jsonpath={range .items[*]}{.kind} {.spec.replicas} {.status.readyReplicas}{"\n"}{end}' 2>/dev/null) || return 1
  # Those that stand as they should have the same number twice.
  ! grep -E '^(Deployment|StatefulSet) ' <<<"$found" | grep -qvE ' ([0-9]+) \1$'
}

# labelled_argocd FOLDER: makes a kustomization of Argo CD's manifest with our label on each object, and the images of --registry.
labelled_argocd() {
  local resource=$argocd_manifest name
  mkdir -p "$1"
  if [ "$resource" = "$ARGOCD_INSTALL" ]; then
    fetch "$resource" "$1/install.yaml" "$ARGOCD_SHA256" ||
      die "could not fetch Argo CD's manifest; say --argocd FILE for one of your own"
    resource=install.yaml
  elif [[ $resource != http*://* ]]; then
    [[ $resource = /* ]] || resource=$here/$resource
    [ -f "$resource" ] || die "there is no file $argocd_manifest to install Argo CD from"
    cp "$resource" "$1/install.yaml"
    resource=install.yaml
  fi
  {
    printf 'resources: ["%s"]\nlabels: [{pairs: {%s: %s}}]\n' "$resource" "$OWN_LABEL" "$OWN_VALUE"
    if [ -n "$registry" ]; then
      echo 'images:'
      for name in $ARGOCD_IMAGES; do
        printf -- '- {name: %s, newName: %s}\n' "$name" "$(from_registry "$name")"
      done
    fi
    if [ -n "$pull_secret" ]; then
      echo 'patches:'
      pull_secret_patch 'Deployment|StatefulSet'
    fi
  } >"$1/kustomization.yaml"
}

add_repository_secret() {
  [ -n "$repository_secret" ] || return 0
  say "handing Argo CD the repository secret of $repository_secret"
  apply_own_secret "$repository_secret" "$ARGOCD_NAMESPACE"
}

# Prints what the manifests' images are called instead: "NAME=IMAGE" with quotes, after a comma each.
replaced_images() {
  local all=()
  [ -z "$image" ] || all+=("\"upstream-reset=$image\"")
  [ -z "$registry" ] || all+=("\"$CURL_IMAGE=$(from_registry "$CURL_IMAGE")\"")
  local IFS=,
  printf '%s' "${all[*]}"
}

# root_application [NAME...]: prints argocd/root.yaml with what this run hands to its children, without those named.
root_application() {
  local text name images pods global patches=''
  text=$(<argocd/root.yaml)
  text=${text//REPOSITORY/"$repository"}
  text=${text//REVISION/"$revision"}
  text=${text//OVERLAY/"$overlay"}
  text=${text//CURL_FOLDER/"$curl"}
  text=${text//APPLICATIONS/"$applications"}
  text=${text//NAMESPACE/"$NAMESPACE"}
  # No empty list: Argo CD would take it out again, and call the application OutOfSync for it.
  images=$(replaced_images)
  text=${text//KUSTOMIZE/"namespace: $NAMESPACE${images:+, images: [$images]}"}
  # The comment at the top is about the template.
  text=apiVersion:${text#*apiVersion:}
  for name; do
    patches+="
        - target: {kind: Application, name: $name}
          patch: |-
            \$patch: delete
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: $name}"
  done
  pods=$(pod_patches)
  if [ -n "$pods" ]; then
    patches+="
        - target: {kind: Application, name: http-chunked|curl}
          patch: |-
            - op: add
              path: /spec/source/kustomize/patches
              value:
$(indented 16 "$pods")"
  fi
  global=$(istio_global)
  if [ -n "$global" ] && [ "$use_istio" = no ]; then
    patches+="
        - target: {kind: Application, name: istiod|istio-cni|ztunnel}
          patch: |-
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: any}
            spec:
              source:
                helm:
                  valuesObject:
$(indented 20 "$global")"
  fi
  if [ "$charts" != "$ISTIO_CHARTS" ]; then
    patches+="
        - target: {kind: Application, name: istio-base|istiod|istio-cni|ztunnel}
          patch: |-
            - op: replace
              path: /spec/source/repoURL
              value: \"$charts\"
        - target: {kind: AppProject}
          patch: |-
            - op: replace
              path: /spec/sourceRepos/1
              value: \"$charts\""
  fi
  text=${text/$'\n  destination:'/"$patches"$'\n  destination:'}
  if [ "$ARGOCD_NAMESPACE" != argocd ]; then
    text=${text//namespace: argocd/namespace: "$ARGOCD_NAMESPACE"}
    text=${text/'    kustomize:'/"    kustomize:
      namespace: $ARGOCD_NAMESPACE"}
  fi
  printf '%s\n' "$text"
}

# start_applications [NAME...]: hands the root application over, without the children named.
start_applications() {
  root_application "$@" | kube apply --server-side --force-conflicts --field-manager=upstream-reset -f - >&2
  # Argo CD takes the annotation away once it has looked anew: until then its verdict is of before.
  kube -n "$ARGOCD_NAMESPACE" annotate --overwrite "application/$ROOT_APPLICATION" argocd.argoproj.io/refresh=normal >&2
}

# The children in the order of their waves. An Argo CD that does not judge an Application's health (ours does, by
# argocd/argocd-cm.yaml; that of somebody else is not changed) waits for no wave: then they are handed over one after the other.
readonly WAVES='istio-base+gateway-api istiod istio-cni ztunnel mesh http-chunked+curl'

# Argo CD leaves the replicas to whoever scales; who asks for another overlay asks for its number too.
scale_to_overlay() {
  local count
  [ -n "$overlay_before" ] && [ "$overlay_before" != "manifests/overlays/$overlay" ] || return 0
  [ -n "$(kube -n "$NAMESPACE" get "statefulset/$APP" --ignore-not-found -o name)" ] || return 0
  count=$(kubectl kustomize "manifests/overlays/$overlay" | sed -n 's/^  replicas: //p')
  count=${count%%$'\n'*}
  say "scaling $APP from overlay ${overlay_before##*/} to ${count:-1}, as overlay $overlay has it"
  kube -n "$NAMESPACE" scale "statefulset/$APP" --replicas="${count:-1}" >&2
  kube -n "$NAMESPACE" rollout status --timeout="${timeout}s" "statefulset/$APP" >&2 || die "$APP does not get ready"
}

install_by_argocd() {
  local overlay_before
  overlay_before=$(kube -n "$ARGOCD_NAMESPACE" get application http-chunked --ignore-not-found -o 'jsonpath={.spec.source.path}')
  local wave rest=$WAVES judges
  say "handing $repository at $revision, overlay $overlay, to Argo CD"
  judges=$(kube -n "$ARGOCD_NAMESPACE" get configmap argocd-cm --ignore-not-found \
    -o 'jsonpath={.data.resource\.customizations\.health\.argoproj\.io_Application}{.data.resource\.customizations}')
  if [[ $judges != *status* ]]; then
    say "this Argo CD judges no Application's health: its applications are added one after the other"
    for wave in $WAVES; do
      rest=${rest#"$wave"}
      rest=${rest# }
      [ -n "$rest" ] || break
      # A later one that is there from an earlier run stays.
      local later=() each
      for each in ${rest//+/ }; do
        [ -n "$(our_application "$each")" ] || later+=("$each")
      done
      [ ${#later[@]} -gt 0 ] || break
      start_applications ${without[@]+"${without[@]}"} "${later[@]}"
      await_health
    done
  fi
  start_applications ${without[@]+"${without[@]}"}
  await_health
  scale_to_overlay
}

# our_applications JSONPATH: prints it of each; the cluster may have others.
our_applications() {
  kube -n "$ARGOCD_NAMESPACE" get applications -l "$PART_LABEL=$PART_OF" -o "jsonpath={range .items[*]}$1{end}"
}

# After so many seconds an application does not move, and so often Argo CD is asked to look at it again.
readonly STILL=4 MAX_NUDGES=20
declare -A state_of=() still_since=() nudges=()

# Prints a line whenever an application's state changes, until all are healthy.
await_health() {
  local deadline=$((SECONDS + timeout)) now before='' refresh
  say "waiting until everything is healthy (at most $timeout s)"
  while :; do
    # An API server that is away for a moment is no news.
    refresh=$(kube -n "$ARGOCD_NAMESPACE" get application "$ROOT_APPLICATION" \
      -o 'jsonpath={.metadata.annotations.argocd\.argoproj\.io/refresh}') || refresh=unknown
    now=$(our_applications \
      '{.metadata.name}{" "}{.status.sync.status}{" "}{.status.health.status}{"\n"}') || now=$before
    if [ "$now" != "$before" ]; then
      comm -13 <(sort <<<"$before") <(sort <<<"$now") |
        while read -r name state; do [ -z "$name" ] || printf '  %4d s  %-16s %s\n' "$SECONDS" "$name" "$state" >&2; done
      before=$now
    fi
    if [ -z "$refresh" ] && ! grep -qv ' Synced Healthy$' <<<"$now"; then
      return
    fi
    if [ $SECONDS -ge $deadline ]; then
      grep -v ' Synced Healthy$' <<<"$now" >&2 || true
      our_applications '{.metadata.name}{": "}{.status.operationState.message}{"\n"}' >&2
      die "not healthy after $timeout s: the applications above. Run scripts/bootstrap again to go on waiting"
    fi
    nudge
    sleep 1
  done
}

# Has Argo CD look again at an application that does not move. It judges istio-base while its CRDs are being established, and
# would look again by itself only minutes later; and once it has synced in vain because it had not seen them yet, it waits
# longer each time before it compares anew.
nudge() {
  local name state phase states
  states=$(our_applications '{.metadata.name}{" "}{.status.operationState.phase}{" "}{.status.sync.status}{" "}{.status.health.status}{"\n"}') ||
    return 0
  while read -r name phase state; do
    [[ -n $name && $name != "$ROOT_APPLICATION" ]] || continue
    if [ "${state_of[$name]:-}" != "$phase $state" ]; then
      state_of[$name]="$phase $state"
      still_since[$name]=$SECONDS
    # While it syncs, only the wait for its health can be over.
    elif [[ $state != 'Synced Healthy' && ($phase != Running || $state = 'Synced '*) ]] &&
      [ $((SECONDS - still_since[$name])) -ge "$STILL" ] && [ "${nudges[$name]:-0}" -lt "$MAX_NUDGES" ]; then
      nudges[$name]=$((${nudges[$name]:-0} + 1))
      still_since[$name]=$SECONDS
      say "$(printf '  %4d s  %-16s' "$SECONDS" "$name") has not moved for $STILL s: Argo CD is asked to look again (${nudges[$name]} of $MAX_NUDGES)"
      kube -n "$ARGOCD_NAMESPACE" annotate --overwrite "application/$name" argocd.argoproj.io/refresh=normal >/dev/null || true
    fi
  done <<<"$states"
}
