# shellcheck shell=bash
# What the cluster scripts share: names, pinned versions, prerequisites, and a kubectl that always names its context.
# To be sourced; needs bash 4.4.
# shellcheck disable=SC2034 # what only the sourcing scripts use

# The names of the manifests (a test compares them), and the port.
readonly APP=http-chunked
readonly APP_PORT=8080
readonly CURL_POD=curl-0
readonly LEADER=http-chunked-leader
readonly DEFAULT_NAMESPACE=default
NAMESPACE=$DEFAULT_NAMESPACE
readonly ROOT_APPLICATION=upstream-reset
ARGOCD_NAMESPACE=argocd
# What the manifests call their own, and what scripts/bootstrap does beside them: teardown goes by these.
readonly PART_LABEL=app.kubernetes.io/part-of PART_OF=upstream-reset
readonly OWN_LABEL=upstream-reset/made-by OWN_VALUE=bootstrap

readonly DEFAULT_CLUSTER=upstream-reset
readonly ARGOCD_VERSION=v3.5.7
# Of its manifests/install.yaml, as the Go module of that version has it.
readonly ARGOCD_SHA256=09bfbb9041b4a8503c6e4fa22cf41c403fa62be17526de353648a4551f5beb77
readonly ISTIO_CHARTS=https://istio-release.storage.googleapis.com/charts
readonly KIND_NEEDED=0.33.0
readonly DOCKER_NEEDED=20.10
readonly GIT_NEEDED=2.29
# kubectl debug --custom is stable from here on.
readonly KUBECTL_NEEDED=1.32
# The oldest that Istio 1.30 takes.
readonly KUBERNETES_NEEDED=1.32

# Progress goes to stderr, results to stdout.
say() { printf '%s\n' "$*" >&2; }

# die SENTENCE...: it did not work.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# misused SENTENCE...: it was called wrongly.
misused() {
  printf "%s: %s Try 'scripts/%s --help'.\n" "${0##*/}" "$*" "${0##*/}" >&2
  exit 2
}

# option_value OPTION COUNT VALUE: prints VALUE, where OPTION has one.
option_value() {
  if [ "$2" -lt 2 ] || [ -z "$3" ]; then
    misused "$1 needs a value."
  fi
  printf '%s' "$3"
}

# Prints the first version number in $1: 1.34.4 of "Client Version: v1.34.4".
version_in() {
  [[ $1 =~ [0-9]+(\.[0-9]+)+ ]] && printf '%s' "${BASH_REMATCH[0]}"
}

# at_least NEEDED FOUND
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# need PROGRAM VERSION WHERE COMMAND...: PROGRAM must be on PATH, in VERSION or newer as COMMAND tells it; WHERE says where
# one gets it.
need() {
  local program=$1 needed=$2 where=$3 said found
  shift 3
  command -v "$program" >/dev/null 2>&1 || die "$program $needed or newer is needed, and none is on PATH. Get it from $where"
  said=$("$@" 2>&1) || die "$program is installed, but '$*' fails: ${said##*$'\n'}"
  found=$(version_in "$said") || die "'$*' tells no version: $said"
  at_least "$needed" "$found" || die "$program $needed or newer is needed; $found is installed. Get it from $where"
}

# Ends the script where $NAMESPACE is not a valid namespace name.
check_namespace() {
  [[ $NAMESPACE =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || misused "'$NAMESPACE' is not a valid namespace name."
}

# Prints the overlays of manifests/overlays, after a comma each.
overlays() {
  local all
  all=$(cd manifests/overlays && echo *)
  printf '%s' "${all// /, }"
}

# Ends the script where there is no overlay $1.
check_overlay() {
  [[ -f manifests/overlays/$1/kustomization.yaml ]] || misused "there is no overlay '$1'; there are $(overlays)."
}

need_kubectl() {
  need kubectl "$KUBECTL_NEEDED" https://kubernetes.io/docs/tasks/tools/ kubectl version --client
}

need_kind() {
  need kind "$KIND_NEEDED" https://kind.sigs.k8s.io/docs/user/quick-start/ kind version
}

# fetch URL FILE SHA256: writes what the URL serves to FILE, or fails where it is something else.
fetch() {
  local said
  curl --fail --silent --show-error --location --connect-timeout 10 --max-time 120 --output "$2" "$1" || return 1
  said=$(sha256_of "$2") || return 1
  if [ "$said" != "$3" ]; then
    say "$1 is not what it was: its SHA-256 is $said, and $3 is expected"
    return 1
  fi
}

# sha256_of FILE...: prints the SHA-256 of them, one after the other.
sha256_of() {
  local said
  said=$(cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; }) || return 1
  printf '%s' "${said%% *}"
}

# has_line LINE TEXT. (A pipe into grep -q would do, but for pipefail: it ends the writer.)
has_line() { [[ $'\n'$2$'\n' = *$'\n'"$1"$'\n'* ]]; }

# Is $CONTEXT in the kubeconfig?
context_exists() { has_line "$CONTEXT" "$(kubectl config get-contexts -o name)"; }

# kubectl on the context that the script was told, never on the current one.
kube() { kubectl --context "$CONTEXT" "$@"; }

# Ends the script where $CONTEXT is not in the kubeconfig.
need_context_name() {
  local said found
  said=$(kubectl config get-contexts -o name 2>&1) || die "the kubeconfig cannot be read: ${said##*$'\n'}"
  ! has_line "$CONTEXT" "$said" || return 0
  found=$(head -n 10 <<<"$said")
  if [ "$found" != "$said" ]; then
    found+=$'\n…'
  elif [ -z "$said" ]; then
    found="none${KUBECONFIG:+ (KUBECONFIG is $KUBECONFIG)}"
  fi
  die "there is no context '$CONTEXT' in the kubeconfig. It has ${found//$'\n'/, }. Make the cluster with scripts/bootstrap," \
    "or name another: --context NAME"
}

# Ends the script where $CONTEXT is not in the kubeconfig or its API server does not answer, or is too old.
need_context() {
  local said found
  need_context_name
  said=$(kube version --request-timeout=20s 2>&1) || die "the API server of context '$CONTEXT' does not answer: ${said##*$'\n'}"
  found=$(version_in "${said##*Server Version: }") || die "the API server of context '$CONTEXT' tells no version: $said"
  at_least "$KUBERNETES_NEEDED" "$found" ||
    die "Kubernetes $KUBERNETES_NEEDED or newer is needed; context '$CONTEXT' has $found"
}

# Ends the script where Pod $1 of the lab is not there or not ready.
need_pod() {
  local ready
  ready=$(kube -n "$NAMESPACE" get pod "$1" --ignore-not-found \
    -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') || die "could not ask for Pod $1"
  [ "$ready" = True ] ||
    die "Pod $1 in namespace $NAMESPACE of context '$CONTEXT' is not ready${ready:+ ($ready)}. Has scripts/bootstrap finished?"
}

# curl in the curl Pod, past no sidecar of its own.
curl_in_cluster() {
  kube -n "$NAMESPACE" exec "$CURL_POD" -c curl -- curl --silent --show-error --max-time 20 "$@"
}

# How long a script may go on cleaning up after a signal. Taking away a half-made kind cluster is the longest.
readonly MAX_CLEANING=60

# supervise FUNCTION: runs it as a process group of its own, which ends with it: what it started in the background, and what
# it waits for when a signal comes, which bash itself would wait for before it hears the signal. FUNCTION's trap on EXIT
# cleans up. Under a script of ours that is supervised already it only runs.
supervise() {
  if [ -n "${SUPERVISED:-}" ]; then
    "$@"
    return
  fi
  export SUPERVISED=yes
  local group code stopped='' keeper alive
  # SIGKILL leaves this shell no time to end the group: the keeper sees the pipe's end, and does.
  coproc {
    trap '' INT TERM HUP
    read -r group
    read -r || true
    kill -TERM -- -"$group" 2>/dev/null
  }
  # Subshells do not have its pipes.
  keeper=$COPROC_PID alive=${COPROC[1]}
  set -m
  { trap 'exit 130' INT TERM HUP; "$@"; } </dev/null &
  group=$!
  set +m
  echo "$group" >&"$alive"
  trap 'stopped=yes; stop_group "$group"' INT TERM HUP
  while :; do
    code=0
    wait "$group" || code=$?
    kill -0 "$group" 2>/dev/null || break
  done
  trap '' INT TERM HUP
  stop_group "$group"
  exec {alive}>&-
  wait "$keeper" || true
  if [ -n "$stopped" ]; then
    say
    say "${0##*/}: stopped${STOPPED_NOTE:+. $STOPPED_NOTE}"
    code=130
  fi
  exit "$code"
}

# To be called first by a trap on EXIT: a signal more does not cut the cleaning short.
cleaning() { trap '' INT TERM HUP; }

# Ends process group $1, by force where it has not cleaned up in time.
stop_group() {
  local deadline=$((SECONDS + MAX_CLEANING))
  kill -TERM -- -"$1" 2>/dev/null || return 0
  while kill -0 -- -"$1" 2>/dev/null; do
    [ $SECONDS -lt $deadline ] || kill -KILL -- -"$1" 2>/dev/null || true
    sleep 0.1
  done
}

# started_at PID: prints something that tells the process from others that had or will have its id: when it began. "ended" for one that
# nobody has asked yet how it ended; nothing where it is not there, or where nobody tells.
started_at() {
  local stat
  if [ -d /proc/self ]; then
    # Behind its name, which may have blanks and parentheses in it.
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    read -ra stat <<<"${stat##*) }"
    if [[ ${stat[0]} = [ZX] ]]; then echo ended; else echo "${stat[19]}"; fi
  else
    TZ=UTC0 LC_ALL=C ps -o lstart= -p "$1" 2>/dev/null | tr -d ' ' || true
  fi
}

# still_runs PID BEGAN: does the process run that started_at tells from others by BEGAN? Where that is not known, any of that id counts.
still_runs() {
  local now
  now=$(started_at "$1")
  if [ -n "$2" ] && [ -n "$now" ]; then [ "$2" = "$now" ]; else kill -0 "$1" 2>/dev/null; fi
}

# take_lock NAME WHAT: sets lock to a file that says that this process does WHAT; ends the script where another one does. A file
# that a process left is taken over, also where another process has its id by now. The trap on EXIT removes it.
take_lock() {
  local file=${TMPDIR:-/tmp}/upstream-reset-$1.lock pid='' began='' self=$BASHPID
  self+=" $(started_at "$self")"
  if ! (set -C && echo "$self" >"$file") 2>/dev/null; then
    { read -r pid began <"$file"; } 2>/dev/null || true
    if [[ $pid =~ ^[1-9][0-9]*$ ]] && still_runs "$pid" "$began"; then
      die "process $pid $2 already: wait until it has ended"
    fi
    echo "$self" >"$file" || die "$file cannot be written"
  fi
  lock=$file
}

# Ends the script where another one changes the lab on $CONTEXT; see take_lock.
lock_lab() {
  take_lock "lab-${CONTEXT//[^A-Za-z0-9._-]/_}" "changes the lab on context '$CONTEXT'"
}

# start_job COMMAND...: starts it in the background as a process group of its own, $job, which hears SIGINT; bash else has
# background processes ignore it.
start_job() {
  set -m
  "$@" &
  job=$!
  set +m
}

# stop_job JOB: interrupts what start_job started, and what that started; waits for it, for a while. Where this script was
# itself started with SIGINT ignored, as a shell does it in the background, they ignore it too: then SIGTERM.
stop_job() {
  local begun=$SECONDS
  [ -n "$1" ] || return 0
  kill -INT -- -"$1" 2>/dev/null || true
  while kill -0 -- -"$1" 2>/dev/null; do
    [ $((SECONDS - begun)) -lt 2 ] || kill -TERM -- -"$1" 2>/dev/null || true
    [ $((SECONDS - begun)) -lt 10 ] || kill -KILL -- -"$1" 2>/dev/null || true
    sleep 0.1
  done
  wait "$1" 2>/dev/null || true
}

# await_job DEADLINE SENTENCE: waits for $job; once SECONDS is at the deadline it prints the sentence and ends it. Returns the job's
# exit code; $job is empty then.
await_job() {
  local code=0
  while kill -0 "$job" 2>/dev/null; do
    if [ $SECONDS -ge "$1" ]; then
      echo "$2"
      stop_group "$job"
    fi
    sleep 0.2
  done
  wait "$job" || code=$?
  job=''
  return $code
}

# add_container POD NAME COMMAND...: adds an ephemeral container, root with the right to change the network, and returns when
# it runs; returns 1 with the reason in $reason where it does not. It cannot be removed: COMMAND must end by itself.
add_container() {
  local pod=$1 name=$2 said state deadline=$((SECONDS + 120))
  shift 2
  say "adding the ephemeral container $name to $pod"
  # The Pod says "not root"; tcpdump and iptables must be.
  if ! said=$(kube -n "$NAMESPACE" debug "$pod" --image="$DEBUG_IMAGE" --container="$name" --profile=netadmin \
    --custom=<(printf '{"securityContext": {"runAsUser": 0, "runAsNonRoot": false}}\n') -- "$@" 2>&1); then
    reason=${said##*$'\n'}
    return 1
  fi
  while :; do
    state=$(kube -n "$NAMESPACE" get pod "$pod" -o "jsonpath={range .status.ephemeralContainerStatuses[?(@.name==\"$name\")]}{.state.running.startedAt}|{.state.waiting.reason} {.state.waiting.message}{.state.terminated.reason} {.state.terminated.message}{end}") || state=''
    [[ $state != [0-9]*\|* ]] || return 0
    state=${state#|}
    if [ $SECONDS -ge $deadline ] || [[ $state = *ErrImagePull* || $state = *ImagePullBackOff* || $state = *CreateContainer*Error* || $state = *Completed* || $state = Error* ]]; then
      reason="the container does not start: ${state:-no word from the kubelet}"
      return 1
    fi
    sleep 0.5
  done
}

# How long an ephemeral container may take to end.
readonly MAX_ENDING=30

# end_container POD NAME: has the ephemeral container's shell, which traps TERM, end, also where it is still to start; returns 1 where
# it does not.
end_container() {
  local deadline=$((SECONDS + MAX_ENDING)) state absent=''
  while :; do
    kube -n "$NAMESPACE" exec "$1" -c "$2" --request-timeout=20s -- kill -TERM 1 >/dev/null 2>&1 || true
    state=$(kube -n "$NAMESPACE" get pod "$1" --ignore-not-found --request-timeout=20s \
      -o "jsonpath={.status.ephemeralContainerStatuses[?(@.name==\"$2\")].state.terminated.finishedAt}|{.spec.ephemeralContainers[?(@.name==\"$2\")].name}") ||
      state=unknown
    case $state in
      # Its Pod has gone, or it was never added; a call that was cut off may still add it.
      '' | '|') [ -z "$absent" ] || return 0; absent=yes ;;
      [0-9]*) return 0 ;;
    esac
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.5
  done
}

# cut_off POD SECONDS: drops what the Pod's containers send to the API server, by the ephemeral container $cutter, until that is
# ended or so many seconds later; returns 1 with the reason in $reason where it cannot. The table "mangle" sees it before Istio's
# rules turn it to the sidecar, and also where the connection is there already.
cut_off() {
  local address rule iptables=iptables
  address=$(kube -n default get service kubernetes -o 'jsonpath={.spec.clusterIP}') || {
    reason="the API server's address is not known"
    return 1
  }
  rule="OUTPUT -d $address -p tcp --dport 443 -j DROP"
  cutter=cut-$(date +%s)
  [[ $address != *:* ]] || iptables=ip6tables
  say "in it: $iptables -t mangle -A $rule"
  add_container "$1" "$cutter" sh -c \
    "trap 'exit 0' TERM; trap '$iptables -t mangle -D $rule' EXIT; $iptables -t mangle -A $rule || exit; sleep $2 & wait"
}

# Prints who holds the Lease, as HOSTNAME_UID; nothing where nobody does.
lease_holder() {
  kube -n "$NAMESPACE" get lease "$LEADER" --ignore-not-found -o 'jsonpath={.spec.holderIdentity}'
}

# Prints the options that every script on an existing cluster takes.
context_options() {
  cat <<EOF
  --context NAME   the cluster, as a context of your kubeconfig (default kind-$DEFAULT_CLUSTER); never the current one
  --namespace NAME the lab's namespace (default $DEFAULT_NAMESPACE)
  --help           this text
EOF
}
