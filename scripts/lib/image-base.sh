# shellcheck shell=bash
# A base image without a registry: a Java runtime linked from the local JDK, and the libraries of this Linux that it loads.
# To be sourced; needs lib/jdk.sh; Linux and GNU tar only.

# What the jar needs (jdeps --print-module-deps), without java.desktop: it is there for java.beans alone, which Jackson does
# without, and would bring X11's libraries.
readonly RUNTIME_MODULES=java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.unsupported

# make_base TAR: writes the base image; JAVA_HOME is set. Equal tars from an equal JDK and equal libraries: one owner, one
# time, one order.
make_base() {
  local tar=$1 work root
  work=$(mktemp -d "$tar.XXXXXX") || return 1
  root=$work/root
  mkdir -p "$root"/{etc,opt,usr/bin}
  "$JAVA_HOME/bin/jlink" --add-modules "$RUNTIME_MODULES" --output "$root/opt/java" --vm server \
    --strip-java-debug-attributes --no-header-files --no-man-pages >"$work/log" 2>&1 ||
    { echo "${0##*/}: jlink failed: $(tail -n 1 "$work/log")" >&2; rm -rf "$work"; return 1; }
  ln -s ../../opt/java/bin/java "$root/usr/bin/java"
  if ! copy_libraries "$root" || ! dump_classes "$root/opt/java"; then
    rm -rf "$work"
    return 1
  fi
  # The resolver's order, and names for the two users: nothing else reads /etc.
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  printf 'root:x:0:0:root:/:/none\nnonroot:x:65532:65532:nonroot:/:/none\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
  pack_base "$work" "$tar"
  rm -rf "$work"
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

# Packs $1/root as a Docker archive, which is what Jib reads.
pack_base() {
  local work=$1 tar=$2 architecture sum
  case $(uname -m) in
    x86_64) architecture=amd64 ;;
    aarch64) architecture=arm64 ;;
    *) architecture=$(uname -m) ;;
  esac
  chmod -R u=rwX,go=rX "$work/root"
  even_tar "$work/root" . >"$work/layer.tar"
  sum=$(sha256sum "$work/layer.tar")
  cat >"$work/config.json" <<JSON
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":["PATH=/opt/java/bin:/usr/bin","JAVA_HOME=/opt/java"]},"rootfs":{"type":"layers","diff_ids":["sha256:${sum%% *}"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"jlink"}]}
JSON
  echo '[{"Config":"config.json","RepoTags":["upstream-reset-base:local"],"Layers":["layer.tar"]}]' >"$work/manifest.json"
  even_tar "$work" config.json layer.tar manifest.json >"$work/base.tar"
  mv "$work/base.tar" "$tar"
}

even_tar() {
  local folder=$1
  shift
  tar -C "$folder" --sort=name --mtime=@1 --owner=0 --group=0 --numeric-owner --format=ustar -cf - "$@"
}
