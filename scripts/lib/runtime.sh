# shellcheck shell=bash
# A Java runtime with only the modules that the jar needs. To be sourced; JAVA_HOME is set.

# What the jar needs (jdeps --print-module-deps), without java.desktop: it is there for java.beans alone, which Jackson does
# without, and would bring X11's libraries.
readonly RUNTIME_MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.unsupported

# Links the runtime as the new folder $1.
link_runtime() {
  local said
  said=$("$JAVA_HOME/bin/jlink" --add-modules "$RUNTIME_MODULES" --output "$1" --vm server \
    --strip-java-debug-attributes --no-header-files --no-man-pages 2>&1) ||
    { echo "${0##*/}: jlink failed: ${said##*$'\n'}" >&2; return 1; }
}
