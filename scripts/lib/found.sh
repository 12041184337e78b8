# shellcheck shell=bash
# What a cluster has already of what scripts/bootstrap would install, and whose it is. To be sourced after cluster.sh.
# shellcheck disable=SC2034,SC2153 # what only the sourcing scripts use or set

# label_of KIND/NAME LABEL [NAMESPACE]: prints "NAME VALUE" where the object is there: the label's value of it.
label_of() {
  kube ${3:+-n "$3"} get "$1" --ignore-not-found -o "jsonpath={.metadata.name} {.metadata.labels.${2//./\\.}}"
}

# look COMMAND...: sets said to what kubectl says; to nothing, and may_look to no, where it is forbidden to ask. Ends the script
# where it fails otherwise.
look() {
  local error
  may_look=yes
  said=$("$@" 2>/dev/null) && return
  # Asked again for its words; it may even answer now.
  if error=$("$@" 2>&1); then
    said=$error
    return
  fi
  [[ $error = *'(Forbidden)'* ]] || die "${error##*$'\n'}"
  said='' may_look=no
}

# Sets argocd to absent, ours, theirs, or unknown where it may not be asked; by its CRDs, which there are once, not by a
# namespace, which may be any.
find_argocd() {
  local said may_look
  look label_of crd/applications.argoproj.io "$OWN_LABEL"
  if [ "$may_look" = no ]; then
    argocd=unknown
    return
  fi
  case $said in
    '') argocd=absent ;;
    *" $OWN_VALUE") argocd=ours ;;
    *) argocd=theirs ;;
  esac
}

argocd_is_there() { [[ $argocd = ours || $argocd = theirs ]]; }

# Sets argocd_namespace to where an Argo CD of somebody else runs; $1 may name it.
find_argocd_namespace() {
  local label found=''
  # The operator's installations name it otherwise.
  for label in name=argocd-application-controller component=application-controller; do
    found+=$(kube get statefulsets,deployments -A -l "app.kubernetes.io/$label" \
      -o 'jsonpath={range .items[*]}{.metadata.namespace}{"\n"}{end}')$'\n'
  done
  found=$(sort -u <<<"$found" | grep . || true)
  [ -n "$found" ] ||
    die "the CRDs of Argo CD are on context '$CONTEXT', but no application controller runs: there is no Argo CD to use. --no-argocd goes without"
  if [ -n "$1" ]; then
    has_line "$1" "$found" || die "no Argo CD runs in namespace $1; there is one in ${found//$'\n'/, }"
    ARGOCD_NAMESPACE=$1
  else
    [[ $found != *$'\n'* ]] || die "there is more than one Argo CD, in ${found//$'\n'/, }: say which, --use-argocd=NAMESPACE"
    ARGOCD_NAMESPACE=$found
  fi
}

# Sets istio to absent, ours, theirs, or unknown where nothing was found and not all may be asked; istio_found to what was found.
find_istio() {
  local said may_look istiods found asked=yes
  look kube get deployments -A -l app=istiod \
    -o 'jsonpath={range .items[*]}istiod in namespace {.metadata.namespace} ({.metadata.name}){"\n"}{end}'
  istiods=$said found=$said
  [ "$may_look" = yes ] || asked=no
  look kube get mutatingwebhookconfigurations -l app=sidecar-injector \
    -o 'jsonpath={range .items[*]}webhook {.metadata.name}{"\n"}{end}'
  found+=$'\n'$said
  [ "$may_look" = yes ] || asked=no
  look kube get crd -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}'
  found+=$'\n'$(sed -n 's/^\(.*\.istio\.io\)$/CRD \1/p' <<<"$said")
  [ "$may_look" = yes ] || asked=no
  istio_found=$(grep . <<<"$found" | head -n 1 || true)
  if [ -z "$istio_found" ]; then
    istio=absent
    [ $asked = yes ] || istio=unknown
    return
  fi
  istio=theirs
  if argocd_is_there && [ -n "$(our_application istiod)" ]; then
    istio=ours
  elif [ $asked = no ]; then
    return
  elif [ -n "$(kube -n istio-system get deployments -l "app=istiod,$ISTIO_SELECTOR" -o name)" ]; then
    # By scripts/bootstrap --no-argocd.
    istio=ours
  elif [ -z "$istiods" ] && [ -n "$(our_crds istio.io)" ]; then
    # Our application is gone, and its CRDs are left.
    istio=ours
  fi
}

# What scripts/bootstrap --no-argocd installed of Istio.
readonly ISTIO_SELECTOR="$OWN_LABEL=$OWN_VALUE,$PART_LABEL=istio"

# our_crds DOMAIN: prints the CRDs of it that have our label.
our_crds() {
  kube get crd -l "$OWN_LABEL=$OWN_VALUE" -o 'jsonpath={range .items[*]}{.metadata.name}{"\n"}{end}' | sed -n "/\\.${1//./\\.}\$/p"
}

# Puts our label on the CRDs that our application istio-base made: the chart has Argo CD keep them, without a mark of its own.
label_crds() {
  local crds
  [ -n "$(our_application istio-base)" ] || return 0
  mapfile -t crds < <(kube -n "$ARGOCD_NAMESPACE" get application istio-base \
    -o 'jsonpath={range .status.resources[?(@.kind=="CustomResourceDefinition")]}{.name}{"\n"}{end}')
  [ ${#crds[@]} = 0 ] || kube label --overwrite crd "${crds[@]}" "$OWN_LABEL=$OWN_VALUE" >/dev/null || true
}

# our_application NAME: prints it where it is there and has our label.
our_application() {
  label_of "application/$1" "$PART_LABEL" "$ARGOCD_NAMESPACE" | grep -E " $PART_OF\$" || true
}

# Ends the script where an object of $@ (KIND/NAME) is in namespace $1 without our label. What may not be seen is passed over.
refuse_foreign() {
  local namespace=$1 found
  shift
  found=$(kube -n "$namespace" get "$@" --ignore-not-found \
    -o "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.labels.${PART_LABEL//./\\.}}{\"\n\"}{end}") || true
  found=$(grep . <<<"$found" | grep -v " $PART_OF\$" | head -n 1 || true)
  found=${found%% *}
  [ -z "$found" ] ||
    die "${found,,} is in namespace $namespace of context '$CONTEXT' and not ours: it is left alone."
}

# Sets istio_revision to what the app's Pods must ask for, empty for the mesh's default; $1 may name it.
find_revision() {
  local said may_look found wanted=$1 labels
  # "REVISION TAG", one a webhook.
  look kube get mutatingwebhookconfigurations -l app=sidecar-injector \
    -o 'jsonpath={range .items[*]}{.metadata.labels.istio\.io/rev} {.metadata.labels.istio\.io/tag}{"\n"}{end}'
  found=$(tr ' ' '\n' <<<"$said" | sort -u | grep . || true)
  [ -n "$found" ] || [ "$may_look" = no ] || die "no webhook of Istio injects sidecars on context '$CONTEXT' (${istio_found:-nothing of Istio} was found)"
  labels=$(kube get namespace "$NAMESPACE" --ignore-not-found \
    -o 'jsonpath={.metadata.labels.istio-injection}|{.metadata.labels.istio\.io/rev}')
  [ "${labels%%|*}" != disabled ] || die "namespace $NAMESPACE says istio-injection=disabled; it is left alone. Say another: --namespace NAME"
  labels=${labels#*|}
  if [ -n "$labels" ]; then
    [ -z "$wanted" ] || [ "$wanted" = "$labels" ] ||
      die "namespace $NAMESPACE has the revision $labels (istio.io/rev), not $wanted; it is left alone. Say another: --namespace NAME"
    wanted=$labels
  fi
  if [ "$may_look" = no ]; then
    say "note: you may not ask which revisions Istio has: ${wanted:-its default one} is taken"
    wanted=${wanted:-default}
  elif [ -n "$wanted" ]; then
    has_line "$wanted" "$found" || die "Istio has no revision $wanted on context '$CONTEXT'; there is ${found//$'\n'/, }"
  elif has_line default "$found"; then
    wanted=default
  elif [[ $found = *$'\n'* ]]; then
    die "Istio has several revisions: ${found//$'\n'/, }. Say which: --use-istio=REVISION"
  else
    wanted=$found
  fi
  istio_revision=''
  [ "$wanted" = default ] || istio_revision=$wanted
}

# ensure_namespace NAME: makes it, with our label, where it is not there.
ensure_namespace() {
  [ -z "$(kube get namespace "$1" --ignore-not-found -o name)" ] || return 0
  printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %s\n  labels:\n    %s: %s\n' "$1" "$OWN_LABEL" "$OWN_VALUE" |
    kube apply --server-side -f - >&2
}
