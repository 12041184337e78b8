# shellcheck shell=bash
# The JVM's ahead-of-time cache: classes loaded and linked once, kept in the user's cache. To be sourced.
#
# JDK 25 does not compare a cache with the jar: a stale one runs old classes, silently. So a cache's name is the SHA-256 of
# the jar, the JDK's release file and the flags; another jar finds no cache. One cache serves all commands, and is trained by
# the frequent ones: each class in it costs every start a little (docs/performance.md). Only classes that the training loads
# are in it, so the training prints text and JSON. A run without a cache answers first; then a background process trains.

# The JVM uses a cache silently, but not one with a wrong checksum: it would run the code of a damaged cache.
readonly AOT_FLAGS=(-XX:+VerifySharedSpaces -Xlog:aot=off -Xlog:cds=off)

# Adds the cache to JAVA_FLAGS; if there is none, starts its training for when this shell's process has ended; if there can
# be none, leaves the flags alone. JAVA_HOME, JAR, COMMON_FLAGS and JAVA_FLAGS are set.
use_aot_cache() {
  local folder cache
  find_aot_folder && find_cache "$folder" || return 0
  if [ -f "$cache" ]; then
    JAVA_FLAGS+=("${AOT_FLAGS[@]}" -XX:AOTCache="$cache")
  elif ! [ -e "$cache.failed" ] || [ -n "$(find "$cache.failed" -mmin +60 2>/dev/null)" ]; then
    # The disk that was full an hour ago may have room now.
    make_aot_cache_after "$$" "$cache" </dev/null >/dev/null 2>&1 &
  fi
}

# Makes a missing cache now and reports it: benchmarks measure starts with the cache.
prepare_aot_cache() {
  local folder cache
  find_aot_folder && find_cache "$folder" || return 0
  [ -f "$cache" ] || make_aot_cache "$cache" ||
    { echo "${0##*/}: no start-up cache could be made: $(tail -n 1 "$cache.failed")" >&2; return 1; }
}

# Sets folder to the folder of the caches; fails if it is not writable.
find_aot_folder() {
  [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ] || return 1
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/aot
  [ -d "$folder" ] || mkdir -p "$folder" 2>/dev/null || return 1
  [ -w "$folder" ]
}

# Sets cache to the cache's name in folder $1 and removes a damaged cache. Hashing the jar takes a tenth of a start, so a file
# keeps the name together with device, inode, size and nanosecond times of the jar and the cache. Only the kernel sets the
# change time: no copy, touch or archiver sets it back. A file younger than two seconds is not kept this way, so that no
# second write falls into the same clock tick.
find_cache() {
  local memo remembered='' parts stamps now
  IFS= read -rd '' parts <"$JAVA_HOME/release" || true
  has_envoy && parts+=envoy$'\n'
  printf -v parts '%s\n' "$parts" "$JAVA_HOME" "${COMMON_FLAGS[@]}"
  memo=${JAR//\//%}
  [ ${#memo} -le 200 ] || memo=${memo: -200}
  memo=$1/$memo.memo
  ! [ -s "$memo" ] || IFS= read -rd '' remembered <"$memo" || true
  cache=${remembered%%$'\n'*}
  if [ -n "$cache" ] && stamp_files && [ "$remembered" = "$cache"$'\n'"$stamps"$'\n'"$parts" ]; then
    return
  fi
  cache=$({ sha256 <"$JAR"; printf '%s' "$parts"; } | sha256) || return 1
  cache=$1/$cache.aot
  [ -f "$cache" ] || return 0
  if [ "$(sha256 <"$cache")" != "$(cat "$cache.sum" 2>/dev/null)" ]; then
    rm -f "$cache"
    return 0
  fi
  stamp_files || return 0
  now=$(date +%s)
  case $'\n'$stamps in
    *-$now.* | *-$((now - 1)).*) ;;
    *) printf '%s\n%s\n%s' "$cache" "$stamps" "$parts" >"$memo.$$" && mv "$memo.$$" "$memo" ;;
  esac
}

# Sets stamps to one line for the jar and one for the cache.
stamp_files() {
  stamps=$(stat -L -c '%d-%i-%s-%.9Y-%.9Z-' "$JAR" "$cache" 2>/dev/null ||
    stat -L -f '%d-%i-%z-%Fm-%Fc-' "$JAR" "$cache" 2>/dev/null)
}

# Whether an Envoy is installed. Without one, the training leaves out reproduce: only a run that needs Envoy installs it, with
# visible progress and errors.
has_envoy() {
  [ -n "${ENVOY:-}" ] || compgen -G "${XDG_CACHE_HOME:-${HOME:-}/.cache}/upstream-reset/envoy/*/*/envoy" >/dev/null ||
    compgen -G "${HOME:-}/Library/Caches/upstream-reset/envoy/*/*/envoy" >/dev/null
}

# Makes cache $2 once process $1 has ended, so that the training does not slow its answer. Concurrent calls make it once.
make_aot_cache_after() {
  trap '' HUP INT
  while kill -0 "$1" 2>/dev/null; do sleep 0.2; done
  # The lock of a killed training expires.
  find "$2.making" -maxdepth 0 -mmin +10 -exec rmdir {} + 2>/dev/null || true
  mkdir "$2.making" 2>/dev/null || return 0
  trap 'rmdir "$2.making"' EXIT
  renice -n 10 -p "$BASHPID" >/dev/null 2>&1 || true
  [ -f "$2" ] || make_aot_cache "$2"
}

# Trains in a folder of its own, then moves the cache into place.
make_aot_cache() {
  local cache=$1 work
  work=$(mktemp -d "${cache%/*}/training.XXXXXX") || return 1
  if train "$work/cache" >"$work/log" 2>&1 && [ -s "$work/cache" ]; then
    sha256 <"$work/cache" >"$cache.sum"
    mv "$work/cache" "$cache"
    rm -rf "$work" "$cache.failed"
    prune_aot_caches "${cache%/*}"
  else
    mv "$work/log" "$cache.failed"
    rm -rf "$work"
    return 1
  fi
}

# Writes cache $1. One java process runs all frequent command lines, as text and JSON, separated by --, and then serves until
# SIGTERM. JAVA_HOME, JAR and COMMON_FLAGS are set.
train() {
  local cache=$1 capture=${BASH_SOURCE[0]%/*}/training.pcap origin url line i lines commands
  line='[2026-11-22T20:00:00.123Z] "GET /wrong HTTP/1.1" 502 UPE upstream_reset_before_response_started{protocol_error}'
  line+=' - "-" 0 87 3 - "-" "curl/8.5.0" "%s" "http-chunked:8080" "10.244.0.7:8080" inbound|8080|| 127.0.0.6:48357'
  line+=' 10.244.0.7:8080 10.244.0.9:40012 - default'
  lines=$cache.lines
  # Enough lines for a summary.
  for ((i = 0; i < 300; i++)); do
    # shellcheck disable=SC2059 # it is a format
    printf "$line\n" "$i"
  done >"$lines"
  start_app "$cache.origin" "${COMMON_FLAGS[@]}" -cp "$JAR" upstreamreset.cli.Main || return 1
  origin=$APP_PID url=http://127.0.0.1:$SERVE_PORT
  commands=(
    explain "$lines" -- explain --output json "$line" -- explain "$line" -- explain --list
    # Every finding of a response and of a connection (TrainingCaptureTest).
    -- inspect --output json "$capture.gz" "${capture}ng.gz" -- inspect --all "$capture.gz"
    -- scenarios -- scenarios --output json wrong -- scenarios wrong -- --version -- --help
    # A healthy app, and a broken one.
    -- probe "$url/wrong" "$url/correct" -- probe --output json "$url/wrong"
  )
  ! has_envoy || commands+=(
    -- reproduce correct wrong -- reproduce --output json wrong
    -- sidecar "$url" --ask /wrong --ask /correct -- sidecar "$url" --ask /wrong --output json
  )
  if start_app "$cache.log" -XX:AOTCacheOutput="$cache" "${COMMON_FLAGS[@]}" -cp "$JAR" \
    upstreamreset.cli.Training "${commands[@]}" --; then
    use_app
    stop_app "$APP_PID" || true
  fi
  stop_app "$origin"
  [ -s "$cache" ]
}

# Writes a cache for serve only, for the image, as $1; JAVA_FLAGS are serve's.
train_serve() {
  start_app "$1.log" -XX:AOTCacheOutput="$1" "${JAVA_FLAGS[@]}" -cp "$JAR" upstreamreset.cli.Main || return 1
  use_app
  stop_app "$APP_PID"
  [ -s "$1" ]
}

# Requests every endpoint and one stream of each kind.
use_app() {
  local path
  for path in / /correct /wrong /health /ready /metrics /none; do
    exec 8<>"/dev/tcp/127.0.0.1/$SERVE_PORT"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&8
    cat <&8
    exec 8>&-
  done
}

# Starts java "$2"... with the command serve and waits until it listens: sets APP_PID and SERVE_PORT, and writes log $1. It does
# not take part in an election in the cluster of KUBECONFIG.
start_app() {
  local log=$1 tries=0
  shift
  "$JAVA_HOME/bin/java" "$@" serve --host 127.0.0.1 --port 0 --chunks 5 --period 1ms --lame-duck 0 --election off >"$log" 2>&1 &
  APP_PID=$!
  SERVE_PORT=''
  while [ -z "$SERVE_PORT" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$APP_PID" 2>/dev/null; then
      kill -9 "$APP_PID" 2>/dev/null || true
      cat "$log"
      return 1
    fi
    sleep 0.1
    SERVE_PORT=$(sed -n 's/.*Listening on http:.*:\([0-9]*\)$/\1/p' "$log")
  done
}

# Ends app $1; the JVM then writes its cache.
stop_app() {
  kill "$1"
  wait "$1"
}

# Keeps the newest caches: a developer switches between a few builds, and each cache has tens of megabytes.
prune_aot_caches() {
  local old
  # shellcheck disable=SC2012 # our own names
  ls -t "$1"/*.aot | tail -n +4 | while IFS= read -r old; do rm -f "$old" "$old.sum"; done
  find "$1" -mindepth 1 -maxdepth 1 ! -name '*.aot' ! -name '*.sum' -mtime +7 -exec rm -rf {} +
}

sha256() {
  local line
  line=$(sha256sum 2>/dev/null || shasum -a 256)
  printf '%s\n' "${line%% *}"
}
