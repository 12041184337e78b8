# shellcheck shell=bash
# What diagnose finds on a real cluster: in the lab's own Pod, and in Pods with one fault each (scripts/lib/diagnose). To be sourced by
# cluster-tests.sh.
# shellcheck disable=SC2154 # cluster_log and name are its

# Where the Pods are, and what serves in them; where no registry is reachable, the nodes must have the image.
readonly DIAGNOSE_NAMESPACE=upstream-reset-diagnose
readonly DIAGNOSE_IMAGE=${DIAGNOSE_IMAGE:-docker.io/library/python:3.13}

# diagnose ARGUMENT...: prints what it says, on stderr too; an exit code of 0, 1 or 3 is an answer.
diagnose() {
  local code=0
  scripts/upstream-reset diagnose --context "$CONTEXT" "$@" 2>&1 || code=$?
  [ "$code" != 2 ]
}

# The levels of the loggers that --codec-log raises, in the sidecar of Pod $2 in namespace $1.
levels() {
  kube -n "$1" exec "$2" -c istio-proxy -- pilot-agent request POST logging 2>/dev/null | grep -E '^ *(client|http): ' | tr -s ' \n' ' '
}

# Asks for /wrong twice, and returns when the sidecar has logged it.
wrong_is_logged() {
  local deadline=$((SECONDS + 60))
  ask_wrong && ask_wrong
  until [ "$(kube -n default logs http-chunked-0 -c istio-proxy --tail=100 | grep -c '"GET /wrong HTTP/1.1" 502 UPE')" -ge 2 ]; do
    [ $SECONDS -lt $deadline ] || { echo "the sidecar logs no /wrong"; return 1; }
    sleep 0.2
  done
}

# README shows what is said here.
test_diagnose() {
  local before after took said out=$cluster_log/diagnose.stdout err=$cluster_log/diagnose.stderr
  scripts/upstream-reset --version >/dev/null # its start-up cache
  wrong_is_logged || return
  before=$(levels default http-chunked-0)
  took=$(
    TIMEFORMAT=%R
    { time scripts/upstream-reset diagnose --context "$CONTEXT" sts/http-chunked /wrong --codec-log >"$out" 2>"$err"; } 2>&1
  ) || true
  cat "$err" "$out"
  note "diagnose took $took s, JVM included"
  after=$(levels default http-chunked-0)
  said=$(cat "$out")
  expect "duplicate-transfer-encoding (RFC 9112 §6.1)" "$said" && expect "  Transfer-Encoding: Chunked" "$said" &&
    expect "  Transfer-Encoding: chunked" "$said" && expect "its codec said: unsupported transfer encoding" "$said" &&
    expect "502 UPE" "$said" || return
  [ "$before" = "$after" ] || { echo "the levels are $after, not $before"; return 1; }
  python3 scripts/lib/diagnose/readme.py README.md "$out"
}

diagnose_pods() {
  local pods
  pods=$(python3 scripts/lib/diagnose/pods.py "$DIAGNOSE_NAMESPACE" "$DIAGNOSE_IMAGE")
  kube create namespace "$DIAGNOSE_NAMESPACE" 2>/dev/null || true
  kube label --overwrite namespace "$DIAGNOSE_NAMESPACE" istio-injection=enabled >/dev/null
  kube apply -f - <<<"$pods"
  kube -n "$DIAGNOSE_NAMESPACE" wait --for=condition=Ready pod --all --timeout=240s && return
  if kube -n "$DIAGNOSE_NAMESPACE" get pods | grep -qE 'ErrImage|ImagePullBackOff'; then
    echo "the nodes do not have the image $DIAGNOSE_IMAGE and cannot pull it"
    return 77
  fi
  return 1
}

# finds ID POD-AND-ARGUMENTS...: what diagnose finds at a Pod, first of all.
finds() {
  local id=$1 said
  shift
  said=$(diagnose -n "$DIAGNOSE_NAMESPACE" "$@")
  printf '%s\n\n' "$said"
  grep -q "^$id" <<<"$said" || { echo "expected of $*: $id"; return 1; }
}

# finds_soon ID POD-AND-ARGUMENTS...: once the sidecar has written its log.
finds_soon() {
  local deadline=$((SECONDS + 60))
  until finds "$@"; do
    [ $SECONDS -lt $deadline ] || return
    sleep 1
  done
}

test_diagnose-pods() {
  diagnose_pods || return
  finds duplicate-transfer-encoding double /x --codec-log &&
    finds_soon requests-failed double &&
    finds 'GET /good is answered well' double /good &&
    finds duplicate-transfer-encoding strict /x &&
    finds duplicate-transfer-encoding no-sidecar /x &&
    finds http2-to-http1-port misnamed /x &&
    finds speaks-tls svc/tls /x &&
    finds 'the app does not take GET' post-only /x &&
    finds duplicate-transfer-encoding post-only /x -X POST -d a=1 &&
    finds duplicate-transfer-encoding log-off /x --codec-log &&
    finds listens-on-loopback-only loopback /x &&
    finds port-refused closed /x || return
  expect 'mTLS is STRICT' "$(diagnose -n "$DIAGNOSE_NAMESPACE" strict /x)" &&
    expect 'its access log is off' "$(diagnose -n "$DIAGNOSE_NAMESPACE" log-off)" &&
    expect "there is no pod 'nobody'" "$(diagnose -n "$DIAGNOSE_NAMESPACE" nobody)"
}

# Under STRICT it waits with the levels raised, so that there is time for a signal.
test_diagnose-signals() {
  local signal before after said err=$cluster_log/diagnose-signals.err
  kube -n "$DIAGNOSE_NAMESPACE" get pod strict >/dev/null 2>&1 || diagnose_pods || return
  before=$(levels "$DIAGNOSE_NAMESPACE" strict)
  for signal in INT TERM; do
    start_job scripts/upstream-reset diagnose --context "$CONTEXT" -n "$DIAGNOSE_NAMESPACE" strict /x --codec-log >/dev/null 2>"$err"
    await_line 'waiting up to' "$err" 60 || return
    kill -"$signal" -- -"$job"
    wait "$job" || true
    said=$(cat "$err")
    echo "$said"
    expect 'logging?paths=client:warning' "$said" && expect 'the levels are as before' "$said" || return
    after=$(levels "$DIAGNOSE_NAMESPACE" strict)
    [ "$before" = "$after" ] || { echo "after SIG$signal the levels are $after, not $before"; return 1; }
  done
}

# The API server goes away while the levels are raised: for a moment, and until diagnose has given up. Then the command that it prints
# restores them.
test_diagnose-cut() {
  local server how before after command relay port config=$cluster_log/relay.kubeconfig err=$cluster_log/diagnose-cut.err
  kube -n "$DIAGNOSE_NAMESPACE" get pod strict >/dev/null 2>&1 || diagnose_pods || return
  kube config view --minify --flatten --raw >"$config"
  server=$(kubectl --kubeconfig "$config" config view -o 'jsonpath={.clusters[0].cluster.server}')
  [[ $server =~ ^https://([^/:]+)(:([0-9]+))?/?$ ]] || { echo "the API server's address is not a host and a port: $server"; return 77; }
  python3 -B scripts/lib/diagnose/relay.py "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]:-443}" >>"$cluster_log/relay" &
  relay=$!
  # shellcheck disable=SC2064 # its id now
  trap "kill $relay 2>/dev/null" EXIT
  await_line '^port ' "$cluster_log/relay" 60 || return
  port=$(sed -n 's/^port //p' "$cluster_log/relay")
  kubectl --kubeconfig "$config" config set-cluster "$(kubectl --kubeconfig "$config" config view -o 'jsonpath={.clusters[0].name}')" \
    --server "https://127.0.0.1:$port" >/dev/null
  kubectl --kubeconfig "$config" get --raw /version >/dev/null 2>&1 ||
    { echo "the API server's certificate is not for 127.0.0.1"; return 77; }
  before=$(levels "$DIAGNOSE_NAMESPACE" strict)
  for how in back gone; do
    start_job scripts/upstream-reset diagnose --kubeconfig "$config" -n "$DIAGNOSE_NAMESPACE" strict /x --codec-log >/dev/null 2>"$err"
    await_line 'waiting up to' "$err" 60 || return
    [ "$(levels "$DIAGNOSE_NAMESPACE" strict)" != "$before" ] || { echo "no level was raised"; return 1; }
    echo "cut, $how" >>"$cluster_log/relay"
    kill -USR1 "$relay"
    if [ $how = back ]; then
      await_line '^closed' "$cluster_log/relay" 60 && kill -USR2 "$relay" || return
      wait "$job" || true
      expect 'the levels are as before' "$(cat "$err")" || { cat "$err"; return 1; }
    else
      wait "$job" || true
      expect 'log levels are still raised: they could not be restored' "$(cat "$err")" || { cat "$err"; return 1; }
      command=$(sed -n '/they could not be restored/,$ s/^  //p' "$err")
      kill -USR2 "$relay"
      echo "$command"
      KUBECONFIG=$config bash -c "$command" || return
    fi
    cat "$err"
    after=$(levels "$DIAGNOSE_NAMESPACE" strict)
    [ "$before" = "$after" ] || { echo "the levels are $after, not $before"; return 1; }
  done
}

# The faults of the catalogue that the app serves get the rule that probe gives to the same bytes.
test_diagnose-catalogue() {
  python3 scripts/lib/diagnose/catalogue.py --context "$CONTEXT" sts/http-chunked || return
  note "$(tail -n 1 "$cluster_log/$name.out")"
}

test_diagnose-gone() {
  kube delete namespace "$DIAGNOSE_NAMESPACE" --ignore-not-found --timeout=120s
}
