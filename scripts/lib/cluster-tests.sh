# shellcheck shell=bash
# The tests that need a cluster: the cluster scripts, whole, one after the other. To be sourced; see run_cluster_tests.
# They are called as a user calls them, so each ends by itself or is ended here after its limit.
# shellcheck source=scripts/lib/diagnose-tests.sh
. scripts/lib/diagnose-tests.sh
# shellcheck source=scripts/lib/capture-tests.sh
. scripts/lib/capture-tests.sh

# Each test, and the most seconds that it may take. The order is that of a lab's life; while it stands, what tells most comes first.
readonly CLUSTER_TESTS=(
  bootstrap:900 demo:120 diagnose:300 capture:120 diagnose-pods:600 page:300 diagnose-signals:180
  capture-interrupted:180 capture-rights:120 capture-pod-security:120 capture-killed:120 capture-limits:120 leader-term:300
  leader-kill:300 diagnose-cut:300 diagnose-catalogue:1200 bootstrap-again:300 sniff:300 inspect:300 diagnose-gone:200 foreign-argocd:120
  teardown:600 nothing-left:120 bootstrap-after-teardown:300 bootstrap-interrupted:400 election-rounds:900 namespace:600
  use-argocd:600 no-argocd:400 use-istio:400 teardown-all:600 nothing-left-at-all:120
)
# They run however late it is.
readonly CLEAN_UP_TESTS=(diagnose-gone teardown-all nothing-left-at-all)

# Prints the names of the tests.
cluster_tests() { printf '%s\n' "${CLUSTER_TESTS[@]%%:*}"; }

# Where their output goes; what bootstrap is told beside the context.
cluster_log='' bootstrap_options=()

say_changes() {
  cat >&2 <<EOF
test: context '$CONTEXT' is neither the rig nor a kind cluster of ours. The tests would, on this cluster:
  install Argo CD, Istio and the lab (namespaces argocd, istio-system, default and upstream-reset-test), unless it has them:
  then they stop;
  make Pods with faults and Pods of their own in namespaces upstream-reset-diagnose, upstream-reset-test-restricted and
  upstream-reset-test-baseline;
  scale, delete, cut off and kill Pods of the lab, with privileged Pods on their nodes;
  delete all that they installed, Argo CD and Istio too.
Say --yes to let them.
EOF
}

# Is $CONTEXT the rig or a kind cluster of ours? By its name, and by its server's address: the rig's is in a network for
# documentation, kind's is this machine.
is_ours() {
  local server
  server=$(kubectl config view --minify --context "$CONTEXT" -o 'jsonpath={.clusters[0].cluster.server}') || return 1
  case $CONTEXT in
    rig) [[ $server = https://192.0.2.2:* ]] ;;
    kind-upstream-reset*) [[ $server =~ ^https://(127\.0\.0\.1|localhost|\[::1\]): ]] ;;
    *) return 1 ;;
  esac
}

# Ends the script where $1 has a name, after a comma each, of no test.
check_cluster_tests() {
  local each known
  known=$(cluster_tests)
  for each in ${1//,/ }; do
    has_line "$each" "$known" || misused "there is no cluster test '$each'; there are ${known//$'\n'/, }."
  done
}

# run_cluster_tests CONTEXT MINUTES YES ONLY [OPTION-OF-BOOTSTRAP...]: prints a line for each test, and "N passed, N failed, N
# skipped"; returns 1 where one failed. What does not begin within MINUTES is skipped by name; where ONLY names tests, after a
# comma each, just those run.
run_cluster_tests() {
  CONTEXT=$1
  local minutes=$2 yes=$3 only=$4 each name limit started=$SECONDS passed=0 failed=0 skipped=() code
  shift 4
  bootstrap_options=("$@")
  # They are ended as a user's are, each by itself.
  unset SUPERVISED
  need_kubectl
  need_context_name
  if [ "$yes" = no ] && ! is_ours; then
    say_changes
    return 2
  fi
  need_context
  cluster_log=$(mktemp -d "${TMPDIR:-/tmp}/cluster-tests.XXXXXX")
  job='' lock=''
  trap 'cleaning; [ -z "$job" ] || stop_group "$job"; [ -z "$lock" ] || rm -f "$lock"' EXIT
  trap 'exit 130' INT TERM HUP
  take_lock "test-${CONTEXT//[^A-Za-z0-9._-]/_}" "tests on context '$CONTEXT'"
  echo "cluster tests on context $CONTEXT; output in $cluster_log"
  for each in "${CLUSTER_TESTS[@]}"; do
    name=${each%%:*} limit=${each##*:}
    [[ -z $only || ,$only, = *,$name,* ]] || continue
    if [ $((SECONDS - started)) -ge $((minutes * 60)) ] && [[ " ${CLEAN_UP_TESTS[*]} " != *" $name "* ]]; then
      skipped+=("$name")
      continue
    fi
    local begun=$SECONDS
    code=0
    # In the background, so that what it leaves behind cannot hold this up.
    start_job as_one_group "test_$name" >>"$cluster_log/$name.out" 2>&1 </dev/null
    await_job $((begun + limit)) "test: ended after $limit s" >>"$cluster_log/$name.out" || code=$?
    if [ "$code" = 0 ]; then
      passed=$((passed + 1))
      printf 'ok      %-26s %4d s%s\n' "$name" $((SECONDS - begun)) "$([ ! -e "$cluster_log/$name.note" ] || sed 's/^/; /' "$cluster_log/$name.note")"
    elif [ "$code" = 77 ]; then
      skipped+=("$name ($(tail -n 1 "$cluster_log/$name.out"))")
    else
      failed=$((failed + 1))
      printf 'FAILED  %-26s %4d s: %s\n' "$name" $((SECONDS - begun)) "$(tail -n 1 "$cluster_log/$name.out")"
      tail -n 30 "$cluster_log/$name.out" | sed "s/^/  $name: /" >&2
    fi
  done
  [ ${#skipped[@]} = 0 ] || printf 'skipped %s\n' "${skipped[@]}"
  echo "$passed passed, $failed failed, ${#skipped[@]} skipped"
  [ $failed = 0 ]
}

# as_one_group COMMAND...: what it starts in the background is of its own group.
as_one_group() {
  set +m
  "$@"
}

# note SENTENCE: stands beside the test's name once it has passed.
note() { echo "$1" >"$cluster_log/$name.note"; }

# expect TEXT WHAT: WHAT has TEXT.
expect() { [[ $2 = *"$1"* ]] || { echo "expected: $1"; return 1; }; }

# await_line PATTERN FILE SECONDS: until FILE has such a line.
await_line() {
  local deadline=$((SECONDS + $3))
  until grep -q "$1" "$2"; do
    [ $SECONDS -lt $deadline ] || { echo "no line $1 in $2:"; cat "$2"; return 1; }
    sleep 0.2
  done
}

lab_bootstrap() { scripts/bootstrap --context "$CONTEXT" "${bootstrap_options[@]}" "$@"; }

test_bootstrap() { lab_bootstrap; }

test_bootstrap-again() { lab_bootstrap; }

test_demo() { scripts/demo --context "$CONTEXT"; }

test_sniff() { scripts/sniff --context "$CONTEXT" --output "$cluster_log/sniff.pcap"; }

test_inspect() {
  local said
  [ -s "$cluster_log/sniff.pcap" ] || { echo "there is no capture"; return 77; }
  said=$(scripts/upstream-reset inspect "$cluster_log/sniff.pcap") || true
  echo "$said"
  expect duplicate-transfer-encoding "$said"
}

test_leader-term() { scripts/leader-demo --context "$CONTEXT"; }

test_leader-kill() { scripts/leader-demo --context "$CONTEXT" --how kill; }

# The page as it comes from the Service, so through the sidecar; the leader is taken away while it is looked at.
test_page() {
  local address
  command -v chromium >/dev/null || { echo "chromium is not on PATH"; return 77; }
  address=$(kube -n "$NAMESPACE" get service "$APP" -o 'jsonpath={.spec.clusterIP}')
  [[ $address != *:* ]] || address=[$address]
  curl --silent --fail --max-time 10 --output /dev/null "http://$address:$APP_PORT/ready" ||
    { echo "the Service's address is not reached from here"; return 77; }
  python3 -B scripts/lib/lab_page.py "http://$address:$APP_PORT" scripts/leader-demo --context "$CONTEXT" --how kill
}

test_election-rounds() { scripts/lib/election-rounds --context "$CONTEXT" --rounds 10; }

# Interrupted while it waits for Argo CD, then run again.
test_bootstrap-interrupted() {
  local pid code=0
  scripts/bootstrap --context "$CONTEXT" "${bootstrap_options[@]}" >"$cluster_log/interrupted.out" 2>&1 &
  pid=$!
  until grep -q '^handing' "$cluster_log/interrupted.out"; do
    kill -0 "$pid" || return 1
    sleep 0.2
  done
  kill -TERM "$pid"
  wait "$pid" || code=$?
  cat "$cluster_log/interrupted.out"
  [ "$code" = 130 ] || { echo "it ended with $code"; return 1; }
  lab_bootstrap
}

test_teardown() {
  local said
  said=$(scripts/teardown --context "$CONTEXT" 2>&1) || { echo "$said"; return 1; }
  echo "$said"
  expect "Argo CD: scripts/teardown --context $CONTEXT --all takes it away" "$said"
}

# Prints what is left of the lab, Argo CD apart.
lab_objects() {
  kube get all,configmaps,leases,roles,rolebindings,poddisruptionbudgets -A -l "$PART_LABEL=$PART_OF" -o name
  kube get leases,services,statefulsets -n default -o name | grep -E 'http-chunked|curl' || true
  kube get crd,validatingadmissionpolicies,validatingadmissionpolicybindings,validatingwebhookconfigurations,mutatingwebhookconfigurations,clusterroles,clusterrolebindings,namespaces -o name |
    grep -E 'istio|http-chunked|upstream-reset' || true
  kube get configmaps -A -o name | grep istio || true
  kube get namespace default -o 'jsonpath={.metadata.labels}{.metadata.annotations}' | grep -E 'istio|argocd|pod-security' || true
  # What the scripts started.
  pgrep -f "^kubectl --context $CONTEXT .*(--watch|-f )" || true
}

test_nothing-left() {
  local left
  left=$(lab_objects)
  [ -z "$left" ] || { echo "left: ${left//$'\n'/, }"; return 1; }
}

test_bootstrap-after-teardown() { lab_bootstrap && scripts/demo --context "$CONTEXT"; }

# Another namespace, which goes with the lab.
test_namespace() {
  scripts/teardown --context "$CONTEXT" && lab_bootstrap --namespace upstream-reset-test &&
    scripts/demo --context "$CONTEXT" --namespace upstream-reset-test &&
    scripts/teardown --context "$CONTEXT" --namespace upstream-reset-test || return 1
  [ -z "$(kube get namespace upstream-reset-test --ignore-not-found -o name)" ] || { echo "the namespace is left"; return 1; }
}

# Where Istio's charts are for helm: a folder, where nobody can be reached; see scripts/bootstrap --charts.
istio_charts_option() { [ -z "${ISTIO_CHARTS_FOLDER:-}" ] || printf -- '--charts\n%s\n' "$ISTIO_CHARTS_FOLDER"; }

# The lab through the Argo CD of somebody else, who has not told it to judge an Application's health. It stays as it was.
test_use-argocd() {
  local settings code=0
  scripts/teardown --context "$CONTEXT" || return 1
  kube label crd applications.argoproj.io applicationsets.argoproj.io appprojects.argoproj.io "$OWN_LABEL-"
  kube -n argocd patch configmap argocd-cm --type=json \
    -p '[{"op": "remove", "path": "/data/resource.customizations.health.argoproj.io_Application"}]' || true
  settings=$(kube -n argocd get configmap argocd-cm -o 'jsonpath={.data}')
  { lab_bootstrap --use-argocd && scripts/demo --context "$CONTEXT" && scripts/teardown --context "$CONTEXT" --all &&
    argocd_is_untouched "$settings"; } || code=1
  kube label --overwrite crd applications.argoproj.io applicationsets.argoproj.io appprojects.argoproj.io "$OWN_LABEL=$OWN_VALUE"
  return $code
}

argocd_is_untouched() {
  local left
  [ "$(kube -n argocd get configmap argocd-cm -o 'jsonpath={.data}')" = "$1" ] || { echo "its settings were changed"; return 1; }
  [ -n "$(kube -n argocd get deployment argocd-server -o name)" ] || { echo "it was taken away"; return 1; }
  left=$(lab_objects)
  [ -z "$left" ] || { echo "left: ${left//$'\n'/, }"; return 1; }
}

# Without Argo CD, and with an Istio that bootstrap installs itself.
test_no-argocd() {
  local charts
  command -v helm >/dev/null || { echo "helm is not on PATH"; return 77; }
  mapfile -t charts < <(istio_charts_option)
  without_argocd_options
  scripts/teardown --context "$CONTEXT" && scripts/bootstrap --context "$CONTEXT" "${options[@]}" --no-argocd "${charts[@]}" &&
    scripts/demo --context "$CONTEXT" && scripts/teardown --context "$CONTEXT" && test_nothing-left
}

# Sets options to those of bootstrap without what only an Argo CD is told.
without_argocd_options() {
  local each skip=no
  options=()
  for each in "${bootstrap_options[@]}"; do
    case $each in
      --argocd | --repository | --revision | --repository-secret) skip=yes; continue ;;
    esac
    [ $skip = yes ] || options+=("$each")
    skip=no
  done
}

# An Istio of revision "stable" that somebody else installed is used, and stays.
test_use-istio() {
  local version code=0
  command -v helm >/dev/null || { echo "helm is not on PATH"; return 77; }
  version=$(sed -n 's/^ *targetRevision: //p' argocd/apps/istiod.yaml)
  without_argocd_options
  scripts/teardown --context "$CONTEXT" || return 1
  kube create namespace istio-system || return 1
  their_istio | kube apply --server-side -f - >/dev/null && kube -n istio-system rollout status --timeout=180s deployment/istiod-stable &&
    scripts/bootstrap --context "$CONTEXT" "${options[@]}" --no-argocd --use-istio --namespace upstream-reset-test &&
    scripts/demo --context "$CONTEXT" --namespace upstream-reset-test &&
    scripts/teardown --context "$CONTEXT" --namespace upstream-reset-test &&
    kube -n istio-system get deployment istiod-stable || code=1
  their_istio | kube delete --ignore-not-found -f - >/dev/null || code=1
  kube delete configmaps -A -l istio.io/config=true || code=1
  kube delete namespace istio-system --timeout=120s || code=1
  [ $code != 0 ] || test_nothing-left
}

their_istio() {
  local each where
  for each in base istiod; do
    where=("$each" --repo "$ISTIO_CHARTS")
    [ -z "${ISTIO_CHARTS_FOLDER:-}" ] || where=("$ISTIO_CHARTS_FOLDER/$each-$version.tgz")
    helm template "$each" "${where[@]}" --version "$version" --namespace istio-system --include-crds --set revision=stable
    echo ---
  done
}

# An Argo CD without our label is somebody else's.
test_foreign-argocd() {
  local said code=0
  kube label crd applications.argoproj.io "$OWN_LABEL-"
  said=$(lab_bootstrap 2>&1) || code=$?
  kube label --overwrite crd applications.argoproj.io "$OWN_LABEL=$OWN_VALUE"
  echo "$said"
  [ "$code" = 1 ] || { echo "it ended with $code"; return 1; }
  expect "Argo CD is on context '$CONTEXT' already" "$said"
}

test_teardown-all() { scripts/teardown --context "$CONTEXT" --all; }

test_nothing-left-at-all() {
  local left
  left=$(lab_objects; kube get crd,namespaces,clusterroles,clusterrolebindings -o name | grep -E 'argo' || true)
  [ -z "$left" ] || { echo "left: ${left//$'\n'/, }"; return 1; }
}
