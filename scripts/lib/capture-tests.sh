# shellcheck shell=bash
# The cluster tests of `upstream-reset capture`, on the lab. To be sourced by cluster-tests.sh.
# shellcheck disable=SC2034,SC2153,SC2154 # what cluster.sh and cluster-tests.sh set and use

lab_capture() { scripts/upstream-reset capture --context "$CONTEXT" -n "$NAMESPACE" "pod/$APP-0" "$@"; }

ask_wrong() { curl_in_cluster -o /dev/null "http://$APP-0.$APP-pods:$APP_PORT/wrong" || true; }

# start_capture LINE OPTION...: starts a capture in the background, $job, with its output in $out and $err; returns when it has
# said LINE.
start_capture() {
  out=$cluster_log/capture.stdout err=$cluster_log/capture.stderr
  : >"$out"
  : >"$err"
  start_job scripts/upstream-reset capture --context "$CONTEXT" -n "$NAMESPACE" "pod/$APP-0" "${@:2}" >"$out" 2>"$err"
  await_line "$1" "$err" 60
}

# The capture containers of Pod $1 in namespace $2 that run; none do once a capture has ended.
capturing() {
  kube -n "$2" get pod "$1" -o 'jsonpath={range .status.ephemeralContainerStatuses[?(@.state.running)]}{.name}{"\n"}{end}' |
    grep '^upstream-reset-' || true
}

# await_no_capture SECONDS: until none runs in the app's Pod: a container's end is the end of each process in it.
await_no_capture() {
  local deadline=$((SECONDS + $1))
  while [ -n "$(capturing "$APP-0" "$NAMESPACE")" ]; do
    [ $SECONDS -lt $deadline ] || { echo "still there: $(capturing "$APP-0" "$NAMESPACE")"; return 1; }
    sleep 0.5
  done
}

# await_ended NAME SECONDS: until that container in the app's Pod has run and ended.
await_ended() {
  local deadline=$((SECONDS + $2)) path
  path="jsonpath={.status.ephemeralContainerStatuses[?(@.name==\"$1\")].state.terminated.finishedAt}"
  until [ -n "$(kube -n "$NAMESPACE" get pod "$APP-0" -o "$path")" ]; do
    [ $SECONDS -lt $deadline ] || { echo "the container $1 has not ended"; return 1; }
    sleep 0.5
  done
}

# The finding is told while the capture goes on, and the capture has it, too.
test_capture() {
  local out err code=0
  start_capture '^capturing on ' --time 60s -w "$cluster_log/capture.pcap" || return 1
  ask_wrong
  await_line duplicate-transfer-encoding "$out" 60 || return 1
  kill -0 "$job" || { echo "it has ended before it was told to"; return 1; }
  kill -INT -- -"$job"
  wait "$job" || code=$?
  cat "$out" "$err"
  [ -s "$cluster_log/capture.pcap" ] || { echo "there is no file"; return 1; }
  expect 'the capture ended: it was stopped' "$(cat "$err")" && expect ' has ended; its entry stays in ' "$(cat "$err")" &&
    await_no_capture 10
}

test_capture-limits() {
  local said code=0
  said=$(lab_capture --time 2s 2>&1) || code=$?
  echo "$said"
  expect 'the capture ended: its time is over' "$said" || return 1
  # The app's own probes are enough to reach these.
  said=$(lab_capture --time 60s --max-packets 5 -w "$cluster_log/packets.pcap" 2>&1) || code=$?
  echo "$said"
  expect 'the capture ended: --max-packets is reached' "$said" && expect ': 5 packets, ' "$said" || return 1
  said=$(lab_capture --time 60s --max-bytes 4096 -w "$cluster_log/bytes.pcap" 2>&1) || code=$?
  echo "$said"
  expect 'the capture ended: --max-bytes is reached' "$said" || return 1
  [ "$(wc -c <"$cluster_log/bytes.pcap")" -le 4096 ] && await_no_capture 10
}

# SIGTERM ends the tcpdump in the Pod, and what came until then is kept.
test_capture-interrupted() {
  local out err signal
  for signal in TERM HUP; do
    rm -f "$cluster_log/$signal.pcap"
    start_capture '^capturing on ' --time 120s -w "$cluster_log/$signal.pcap" || return 1
    kill -"$signal" -- -"$job"
    wait "$job" || true
    cat "$err"
    [ -s "$cluster_log/$signal.pcap" ] || { echo "there is no file"; return 1; }
    expect ' has ended; its entry stays in ' "$(cat "$err")" && await_no_capture 10 || return 1
  done
  # Before tcpdump captures there is nothing to keep.
  start_capture '^adding the ephemeral container ' --time 120s -w "$cluster_log/early.pcap" || return 1
  kill -TERM -- -"$job"
  wait "$job" || true
  cat "$err"
  [ ! -e "$cluster_log/early.pcap" ] || { echo "there is a file"; return 1; }
  expect "stopped before the capture began; $cluster_log/early.pcap is not written" "$(cat "$err")" || return 1
  # The container starts all the same, later, and does not wait long for a capture.
  await_ended "$(sed -n 's/^adding the ephemeral container \([^:]*\):.*/\1/p' "$err")" 90
}

# Nobody comes to end it, and it ends.
test_capture-killed() {
  local out err
  start_capture '^capturing on ' --time 120s || return 1
  [ -n "$(capturing "$APP-0" "$NAMESPACE")" ] || { echo "no container runs"; return 1; }
  kill -KILL -- -"$job"
  wait "$job" || true
  await_no_capture 60
}

# capture_at_level LEVEL: sets $said to what capture says in a namespace of that level of Pod Security, $code to its exit code and
# $added to what it added to the Pod.
capture_at_level() {
  local namespace=upstream-reset-test-$1
  kube create namespace "$namespace" && kube label namespace "$namespace" "pod-security.kubernetes.io/enforce=$1" || return 1
  kube -n "$namespace" apply -f - <<EOF || return 1
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": {
  "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 0,
  "securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "app", "image": "$(kube -n "$NAMESPACE" get pod "$APP-0" -o "jsonpath={.spec.containers[?(@.name==\"$APP\")].image}")",
    "args": ["serve", "--host", "0.0.0.0", "--election", "off"],
    "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}
EOF
  kube -n "$namespace" wait --for=condition=Ready pod/app --timeout=60s || return 1
  code=0
  said=$(scripts/upstream-reset capture --context "$CONTEXT" -n "$namespace" app --time 2s 2>&1) || code=$?
  added=$(kube -n "$namespace" get pod app -o 'jsonpath={.spec.ephemeralContainers}')
  kube delete namespace "$namespace" --wait=false
  echo "$said"
}

test_capture-pod-security() {
  local said code added
  capture_at_level restricted || return 1
  [ "$code/$added" = 3/ ] || { echo "exit $code, added: $added"; return 1; }
  expect 'violates PodSecurity "restricted:' "$said" && expect 'Nothing was added to the Pod' "$said" || return 1
  # Root without further capabilities suffices where the runtime gives NET_RAW.
  capture_at_level baseline || return 1
  [ "$code" = 0 ] || { echo "exit $code"; return 1; }
  expect "root, with the runtime's own capabilities" "$said" && expect 'its time is over' "$said"
}

# Somebody with the Role for diagnose alone, then with the one for capture.
test_capture-rights() {
  local config=$cluster_log/kubeconfig said code=0 result=0
  kube -n "$NAMESPACE" create serviceaccount capture-test || return 1
  kube -n "$NAMESPACE" apply -k manifests/diagnose
  kube -n "$NAMESPACE" create rolebinding capture-test --role upstream-reset-diagnose --serviceaccount "$NAMESPACE:capture-test"
  kube config view --minify --flatten --raw >"$config"
  kubectl --kubeconfig "$config" config set-credentials capture-test --token "$(kube -n "$NAMESPACE" create token capture-test)" >/dev/null
  kubectl --kubeconfig "$config" config set-context "$CONTEXT" --user capture-test >/dev/null
  said=$(scripts/upstream-reset capture --kubeconfig "$config" -n "$NAMESPACE" "pod/$APP-0" --time 2s 2>&1) || code=$?
  echo "$said"
  [ "$code" = 3 ] && expect 'you may not patch pods/ephemeralcontainers, get pods/exec' "$said" || result=1
  kube -n "$NAMESPACE" create rolebinding capture-test-too --role upstream-reset-capture --serviceaccount "$NAMESPACE:capture-test"
  code=0
  said=$(scripts/upstream-reset capture --kubeconfig "$config" -n "$NAMESPACE" "pod/$APP-0" --time 2s 2>&1) || code=$?
  echo "$said"
  expect 'its time is over' "$said" || result=1
  kube -n "$NAMESPACE" delete rolebinding/capture-test rolebinding/capture-test-too serviceaccount/capture-test
  kube -n "$NAMESPACE" delete -k manifests/diagnose
  return $result
}
