# shellcheck shell=bash
# The JVM's flags, and why each is there. To be sourced; see java_flags.

# The commands with flags of their own in java_flags: the download's launcher has a line for each.
# shellcheck disable=SC2034 # read by scripts/dist
readonly COMMANDS_WITH_FLAGS=(serve inspect explain)

# Sets COMMON_FLAGS, which are every command's and its start-up cache's, and JAVA_FLAGS for the command $1.
java_flags() {
  COMMON_FLAGS=(
    # One thread that collects, no card tables or regions for many: the smallest collector.
    -XX:+UseSerialGC
    # 8 bytes of header an object instead of 12.
    -XX:+UseCompactObjectHeaders
    # C1 alone: we start often and compute little; C2's threads and profiles cost memory.
    -XX:TieredStopAtLevel=1
    # jboss-threads (Undertow) still asks sun.misc.Unsafe, and the JVM warns of it four times a start.
    --sun-misc-unsafe-memory-access=allow
    # The guard of Envoy is a native call.
    --enable-native-access=ALL-UNNAMED
    # Nobody attaches to it, and the file in /tmp costs a page or two.
    -XX:-UsePerfData
  )
  JAVA_FLAGS=("${COMMON_FLAGS[@]}")
  case ${1:-} in
    serve)
      # A small young generation, and little slack in the old one: garbage is reused before it becomes resident memory.
      JAVA_FLAGS+=(-Xms8m -Xmn4m -Xmx256m -XX:MaxDirectMemorySize=32m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -Xss256k)
      ;;
    inspect)
      # Reads gigabytes and keeps little of them: what is young should die young, and of 60,000 connections all is. C2 costs
      # more than it gives back in so short a run; C1 should begin sooner than after 200 calls of a method.
      JAVA_FLAGS+=(-Xms128m -Xmn96m -Xmx224m -XX:CompileThresholdScaling=0.25)
      # Half the page faults.
      [ "${OSTYPE#linux}" = "$OSTYPE" ] || JAVA_FLAGS+=(-XX:+UseTransparentHugePages)
      ;;
    explain)
      # A log of a million lines takes seconds, long enough for C2: with it JSON takes a quarter less.
      JAVA_FLAGS+=(-Xms48m -Xmn32m -Xmx224m -XX:TieredStopAtLevel=4)
      ;;
    *)
      JAVA_FLAGS+=(-Xms16m -Xmx1g)
      ;;
  esac
}
