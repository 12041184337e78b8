# shellcheck shell=bash
# A base image without a registry: a Java runtime linked from the local JDK, and the libraries of this Linux that it loads.
# To be sourced; needs lib/jdk.sh, lib/java-flags.sh, lib/aot.sh and lib/runtime.sh; Linux and GNU tar only.

# Where the image has its start-up archive.
readonly IMAGE_ARCHIVE=/app/archive/serve.aot

# make_base FOLDER: writes the base image as FOLDER/base.tar, and its files as FOLDER/root; JAVA_HOME is set. Equal tars from
# an equal JDK and equal libraries: one owner, one time, one order.
make_base() {
  local work=$1 root=$1/root
  mkdir -p "$root"/{etc,opt,usr/bin}
  link_runtime "$root/opt/java" || return 1
  ln -s ../../opt/java/bin/java "$root/usr/bin/java"
  copy_libraries "$root" && dump_classes "$root/opt/java" || return 1
  # The resolver's order, and names for the two users: nothing else reads /etc.
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  printf 'root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/:/none\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
  pack_base "$work"
}

# make_archive FOLDER JAR: writes the ahead-of-time cache of serve as FOLDER/archive/$IMAGE_ARCHIVE, trained by the very
# runtime that make_base left in FOLDER on the very jar, with the time that Jib gives it.
make_archive() {
  local work=$1 archive=$1/archive$IMAGE_ARCHIVE
  mkdir -p "$work/app/classpath" "${archive%/*}"
  cp "$2" "$work/app/classpath/upstream-reset.jar"
  touch -d @1 "$work/app/classpath/upstream-reset.jar"
  if ! (train_image "$work") >"$work/log" 2>&1; then
    echo "${0##*/}: the runtime made no start-up archive: $(grep -v '\[aot\]' "$work/log" | head -n 3)" >&2
    return 1
  fi
  mv "$work/serve.aot" "$archive"
}

# Runs serve on the runtime of the image in folder $1. In a subshell: it sets JAVA_HOME to that.
train_image() {
  java_flags serve
  # shellcheck disable=SC2034 # for lib/aot.sh
  JAVA_HOME=$1/root/opt/java
  # shellcheck disable=SC2034 # read by train_serve
  JAR=$1/app/classpath/upstream-reset.jar
  train_serve "$1/serve.aot"
}

# Copies what the runtime's programs and libraries are linked with, at the paths that the linker looks for.
copy_libraries() {
  local root=$1 library found=no
  while IFS= read -r library; do
    # The runtime's own lie in it already.
    case $library in "$root"/*) continue ;; esac
    install -D -m 755 "$library" "$root$library"
    found=yes
  done < <(find "$root/opt/java" \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + 2>/dev/null |
    sed -n -E 's/^\t([^ ]+ => )?(\/[^ ]+) \(0x[0-9a-f]+\)$/\2/p' | sort -u)
  [ $found = yes ] || { echo "${0##*/}: ldd names no library of $root/opt/java/bin/java" >&2; return 1; }
}

# Makes the archive of the JDK's own classes: jlink would make those of the default flags, which the image does not have. An
# archive is refused where the runtime's files have other times than at its making, so they get the tar's before it.
dump_classes() {
  local java=$1
  find "$java" -exec touch -h -d @1 {} +
  "$java/bin/java" -XX:+UseCompactObjectHeaders -XX:+UseSerialGC -Xshare:dump >"$java.log" 2>&1 ||
    { echo "${0##*/}: the runtime made no class archive: $(tail -n 1 "$java.log")" >&2; return 1; }
  rm "$java.log"
}

# Packs $1/root as the Docker archive $1/base.tar, which is what Jib reads.
pack_base() {
  local work=$1 sum
  chmod -R u=rwX,go=rX "$work/root"
  even_tar "$work/root" . >"$work/layer.tar"
  sum=$(sha256sum "$work/layer.tar")
  cat >"$work/config.json" <<JSON
{"architecture":"$(architecture)","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/opt/java/bin:/usr/bin","JAVA_HOME=/opt/java"]},"rootfs":{"type":"layers","diff_ids":["sha256:${sum%% *}"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"jlink"}]}
JSON
  echo '[{"Config":"config.json","RepoTags":["upstream-reset-base:local"],"Layers":["layer.tar"]}]' >"$work/manifest.json"
  even_tar "$work" config.json layer.tar manifest.json >"$work/base.tar"
}
