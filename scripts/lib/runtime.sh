# shellcheck shell=bash
# Links a Java runtime with only the jar's modules, and packs it, for the image and the download. To be sourced;
# JAVA_HOME is set.

# The jar's modules (jdeps --print-module-deps) without java.desktop: Jackson uses only its java.beans and works without it, and
# java.desktop needs X11's libraries.
readonly RUNTIME_MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.unsupported

# Links the runtime as the new folder $1.
link_runtime() {
  local said
  said=$("$JAVA_HOME/bin/jlink" --add-modules "$RUNTIME_MODULES" --output "$1" --vm server \
    --strip-java-debug-attributes --no-header-files --no-man-pages 2>&1) ||
    { echo "${0##*/}: jlink failed: ${said##*$'\n'}" >&2; return 1; }
}

# Prints this machine's architecture as images and archives name it.
architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# even_tar FOLDER WORD...: prints the tar of what the words name in the folder, the same from the same files: one owner, one time,
# one order. For GNU tar, whose options the words may be too.
even_tar() {
  local folder=$1
  shift
  tar -C "$folder" --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$@"
}
