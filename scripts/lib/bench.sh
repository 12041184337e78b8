# shellcheck shell=bash
# Functions that the benchmark sections share. To be sourced.

# figure NAME VALUE UNIT OPERATOR LIMIT [AGAINST]: prints a figure, and whether it meets its limit (-le or -lt).
figure() {
  local verdict=MISSED sign=under
  [ "$4" = -lt ] || sign='at most'
  awk -v value="$2" -v limit="$5" -v strict="$4" \
    'BEGIN { exit !(strict == "-lt" ? value < limit : value <= limit) }' && verdict=met
  printf '%s: %s %s%s reach: %s %s %s %s\n' "$1" "$2" "$3" "${6:+ ($6)}" "$sign" "$5" "$3" "$verdict"
}

# median NUMBER...
median() {
  printf '%s\n' "$@" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

# need PROGRAM...: ends the section if a program is not on PATH.
need() {
  local program
  for program; do
    command -v "$program" >/dev/null || { echo "${0##*/}: $program is not on PATH." >&2; exit 1; }
  done
}

# need_connections COUNT: raises this process's limit of open files to COUNT and 500 more; ends the section if it may not.
need_connections() {
  ulimit -n "$(ulimit -Hn)"
  if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt $(($1 + 500)) ]; then
    echo "${0##*/}: $1 connections need $(($1 + 500)) open files; this shell may open $(ulimit -n) (ulimit -Hn)." >&2
    exit 1
  fi
}

# build_go FOLDER NAME...: builds these programs of scripts/bench.d/streams-src into the folder.
build_go() {
  local names=("${@:2}")
  (cd "$ROOT/scripts/bench.d/streams-src" && go build -o "$1/" "${names[@]/#/./}")
}

# Starts serve with the given options and sets SERVE_PID, SERVE_PORT; its log is $1.
start_serve() {
  local log=$1
  shift
  "$ROOT/scripts/upstream-reset" serve --host 127.0.0.1 --port 0 "$@" 2>"$log" &
  SERVE_PID=$!
  await_serve "$log"
}

# Sets SERVE_PORT once serve, which runs as SERVE_PID, has written it to its log $1.
await_serve() {
  local log=$1 tries=0
  SERVE_PORT=
  while [ -z "$SERVE_PORT" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 1200 ] || ! kill -0 "$SERVE_PID" 2>/dev/null; then
      echo "serve did not start: $(cat "$log")" >&2
      return 1
    fi
    sleep 0.05
    SERVE_PORT=$(sed -n 's/.*Listening on http:.*:\([0-9]*\)$/\1/p' "$log")
  done
}

# Ends a child process, if it still runs, and waits for it.
end() {
  [ -z "${1:-}" ] || ! kill "$1" 2>/dev/null || wait "$1" 2>/dev/null || true
}
