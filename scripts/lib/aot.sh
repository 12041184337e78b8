# shellcheck shell=bash
# The JVM's ahead-of-time cache: classes loaded and linked once, kept in the user's cache. To be sourced.
#
# JDK 25 does not compare a cache with the jar: a stale one runs old classes, silently. So a cache's name is the SHA-256 of
# the jar, the JDK's release file and the flags; another jar finds no cache. One command, one cache: what a training run did
# not load is not in it, so it prints text and JSON.

# Adds the cache for command $1 to JAVA_FLAGS, made now if it is not there; leaves them alone where there can be none.
# JAVA_HOME, JAR and JAVA_FLAGS are set.
use_aot_cache() {
  local folder cache
  declare -F "train_${1:-}" >/dev/null || return 0
  [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ] || return 0
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/aot
  [ -d "$folder" ] || mkdir -p "$folder" 2>/dev/null || return 0
  [ -w "$folder" ] && find_cache_name "$1" "$folder" || return 0
  if ! [ -f "$cache" ]; then
    ! [ -e "$cache.failed" ] && trainable "$1" && make_aot_cache "$1" "$cache" || return 0
  fi
  JAVA_FLAGS+=(-XX:AOTCache="$cache" -Xlog:aot=off -Xlog:cds=off)
}

# Sets cache to the name of command $1's cache in folder $2. To hash the jar is a tenth of a start, so the name is remembered,
# with all that it was made of, by the jar's device, inode, size and times to the nanosecond. The change time is the
# kernel's own: no copy, touch or archiver sets it back. One that is younger than two seconds is not remembered, so that no
# second write falls into the same tick of the clock.
find_cache_name() {
  local stamp memo parts key remembered='' now
  stamp=$(stat -L -c '%d-%i-%s-%.9Y-%.9Z' "$JAR" 2>/dev/null || stat -L -f '%d-%i-%z-%Fm-%Fc' "$JAR") || return 1
  IFS= read -rd '' parts <"$JAVA_HOME/release" || true
  printf -v parts '%s\n' "$parts" "$JAVA_HOME" "${JAVA_FLAGS[@]}"
  memo=$2/$1-$stamp.memo
  ! [ -s "$memo" ] || IFS= read -rd '' remembered <"$memo" || true
  cache=${remembered##*$'\n'}
  if [ -z "$cache" ] || [ "$remembered" != "$parts$cache" ]; then
    key=$({ sha256 <"$JAR"; printf '%s' "$parts"; } | sha256) || return 1
    cache=$2/$1-$key.aot
    printf -v now '%(%s)T' -1
    stamp=${stamp##*-}
    if [ $((now - ${stamp%.*})) -ge 2 ]; then
      printf '%s%s' "$parts" "$cache" >"$memo.$$" && mv "$memo.$$" "$memo"
    fi
  fi
}

# Whether command $1 can be trained now. reproduce needs an Envoy, and to install it, with progress and errors to be seen, is
# for the run itself: the second run trains.
trainable() {
  case $1 in
    reproduce)
      [ -n "${ENVOY:-}" ] || compgen -G "${XDG_CACHE_HOME:-$HOME/.cache}/upstream-reset/envoy/*/" >/dev/null ||
        compgen -G "$HOME/Library/Caches/upstream-reset/envoy/*/" >/dev/null
      ;;
  esac
}

# Trains into a file of its own and moves it: two that start at once each make one, and the last to end stays.
make_aot_cache() {
  local command=$1 cache=$2 work
  echo "${0##*/}: preparing a start-up cache for '$command' (once for each build)" >&2
  work=$(mktemp -d "${cache%/*}/training.XXXXXX") || return 1
  if AOT_OUTPUT=$work/cache "train_$command" >"$work/log" 2>&1 && [ -s "$work/cache" ]; then
    mv "$work/cache" "$cache"
    rm -rf "$work"
    prune_aot_caches "${cache%/*}"
  else
    echo "${0##*/}: that failed, so starts stay slower: $(tail -n 1 "$work/log")" >&2
    rm -rf "$work"
    : >"$cache.failed"
    return 1
  fi
}

# Runs command lines, with -- between them, in one java that records what they load; ends with the cache written.
training_java() {
  "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$AOT_OUTPUT" "${JAVA_FLAGS[@]}" -cp "$JAR" upstreamreset.cli.Training "$@"
}

# The main job, as it is run most.
train_reproduce() {
  training_java reproduce correct wrong -- reproduce --output json wrong
}

train_scenarios() {
  training_java scenarios -- scenarios --output json wrong -- scenarios wrong
}

# All that can be wrong with a response, and with a connection (TrainingCaptureTest). 1 is "something was found".
train_inspect() {
  local capture=${BASH_SOURCE[0]%/*}/training.pcap
  training_java inspect --output json "$capture.gz" "${capture}ng.gz" -- inspect --all "$capture.gz" || [ $? = 1 ]
}

# Lines of both sidecars, and enough of them for a summary; then one alone.
train_explain() {
  local line i
  line='[2026-11-22T20:00:00.123Z] "GET /wrong HTTP/1.1" 502 UPE upstream_reset_before_response_started{protocol_error}'
  line+=' - "-" 0 87 3 - "-" "curl/8.5.0" "%s" "http-chunked:8080" "10.244.0.7:8080" inbound|8080|| 127.0.0.6:48357'
  line+=' 10.244.0.7:8080 10.244.0.9:40012 - default'
  for ((i = 0; i < 300; i++)); do
    # shellcheck disable=SC2059 # it is a format
    printf "$line\n" "$i"
  done | training_java explain -- explain --output json "$line" -- explain "$line" || [ $? = 1 ]
}

# An app that answers well, and badly. 1 is "something was found".
train_probe() {
  local url code=0
  start_app || return 1
  url=http://127.0.0.1:$TRAINED_PORT
  training_java probe "$url/wrong" "$url/correct" -- probe --output json "$url/wrong" || code=$?
  kill "$TRAINED_PID"
  wait "$TRAINED_PID" || true
  [ "$code" = 1 ]
}

# Every endpoint and a stream of each kind, then SIGTERM.
train_serve() {
  local path
  start_app -XX:AOTCacheOutput="$AOT_OUTPUT" || return 1
  for path in / /correct /wrong /health /ready /metrics /none; do
    exec 8<>"/dev/tcp/127.0.0.1/$TRAINED_PORT"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&8
    cat <&8
    exec 8>&-
  done
  kill "$TRAINED_PID"
  wait "$TRAINED_PID"
}

# Starts the app with further flags "$@" and waits until it listens: sets TRAINED_PID and TRAINED_PORT. Never a candidate in the
# cluster that KUBECONFIG names.
start_app() {
  local log=$AOT_OUTPUT.listening tries=0
  "$JAVA_HOME/bin/java" "$@" "${JAVA_FLAGS[@]}" -cp "$JAR" upstreamreset.cli.Main \
    serve --host 127.0.0.1 --port 0 --chunks 5 --period 1ms --election off >"$log" 2>&1 &
  TRAINED_PID=$!
  TRAINED_PORT=''
  while [ -z "$TRAINED_PORT" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$TRAINED_PID"; then
      kill -9 "$TRAINED_PID" || true
      cat "$log"
      return 1
    fi
    sleep 0.1
    TRAINED_PORT=$(sed -n 's/.*Listening on http:.*:\([0-9]*\)$/\1/p' "$log")
  done
}

# The newest stay: a developer switches between few builds and commands, and each cache has tens of megabytes.
prune_aot_caches() {
  local old
  # shellcheck disable=SC2012 # our own names
  ls -t "$1"/*.aot | tail -n +11 | while IFS= read -r old; do rm -f "$old"; done
  find "$1" -mindepth 1 -maxdepth 1 ! -name '*.aot' -mtime +7 -exec rm -rf {} +
}

sha256() {
  local line
  line=$(sha256sum 2>/dev/null || shasum -a 256)
  printf '%s\n' "${line%% *}"
}
