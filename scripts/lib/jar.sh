# shellcheck shell=bash
# The runnable jar, built if it is missing or older than its sources. To be sourced; needs lib/jdk.sh.

# Sets JAR to the jar of the project in folder $1, and builds it if necessary; JAVA_HOME is set.
find_jar() {
  local root=$1
  JAR=$root/app/target/upstream-reset.jar
  jar_is_current "$root" && return
  command -v mvn >/dev/null ||
    { echo "${0##*/}: $JAR is to be built, and there is no mvn on PATH. Install Maven 3.8 or newer." >&2; return 1; }
  mkdir -p "$root/app/target"
  # Without flock (macOS), two concurrent first runs may both build.
  (
    ! command -v flock >/dev/null || flock 9
    jar_is_current "$root" && exit 0
    echo "${0##*/}: building ${JAR#"$PWD"/} (only when sources changed)" >&2
    # -f works from any folder.
    mvn -q -B -f "$root/pom.xml" -Dquick package >&2
  ) 9>"$root/app/target/.build.lock"
}

# A deleted source changes its folder's time.
jar_is_current() {
  [ -f "$1/app/target/upstream-reset.jar" ] || return 1
  [ -d "$1/app/src/main" ] || return 0
  [ -z "$(find "$1/pom.xml" "$1/app/pom.xml" "$1/app/src/main" -newer "$1/app/target/upstream-reset.jar" -print -quit)" ]
}
