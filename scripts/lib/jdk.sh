# shellcheck shell=bash
# Finds a JDK 25 or newer and exports JAVA_HOME. To be sourced; see find_jdk.

# Where nobody says it, the home directory is that of the user's entry.
HOME=${HOME:-~}

readonly JDK_NEEDED=25

# Whether folder $1 has a JDK that is new enough, by its release file: starting a JVM would take 40 ms.
is_new_jdk() {
  local line
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=\"}
        line=${line%\"}
        [ "${line%%[.+-]*}" -ge "$JDK_NEEDED" ]
        return
        ;;
    esac
  done <"$1/release"
  return 1
}

# Exports JAVA_HOME: the first JDK that is new enough among JAVA_HOME, the java on PATH, and the usual folders.
find_jdk() {
  # Maven's guava uses sun.misc.Unsafe, and new JVMs warn of it at every start.
  export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
  is_new_jdk "${JAVA_HOME:-}" || find_other_jdk
}

find_other_jdk() {
  local on_path home
  on_path=$(command -v java 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java}
  for home in "$on_path" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_new_jdk "$home"; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  echo "${0##*/}: no JDK $JDK_NEEDED or newer in JAVA_HOME, on PATH or in the usual folders. Install one (for example" \
    "Debian's openjdk-$JDK_NEEDED-jdk or Temurin $JDK_NEEDED) and set JAVA_HOME to it." >&2
  return 1
}
