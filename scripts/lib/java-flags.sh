# shellcheck shell=bash
# The JVM's flags, and why each is there. To be sourced; see java_flags.

# The commands with their own flags in java_flags; the download's launcher has a line for each.
# shellcheck disable=SC2034 # read by scripts/dist
readonly COMMANDS_WITH_FLAGS=(serve inspect explain)

# Sets COMMON_FLAGS, the flags of every command and of the start-up cache, and JAVA_FLAGS for the command $1.
java_flags() {
  COMMON_FLAGS=(
    # The smallest collector: one thread, and no tables for many.
    -XX:+UseSerialGC
    # Object headers of 8 bytes instead of 12.
    -XX:+UseCompactObjectHeaders
    # C1 only: most runs are short, and C2's threads and profiles take memory.
    -XX:TieredStopAtLevel=1
    # jboss-threads (Undertow) still uses sun.misc.Unsafe, and the JVM warns of it four times at each start.
    --sun-misc-unsafe-memory-access=allow
    # Envoy's guard process needs a native call.
    --enable-native-access=ALL-UNNAMED
    # Nobody attaches a monitor, and its file in /tmp takes a page or two.
    -XX:-UsePerfData
    # The start-up cache keeps classes and no profiles: with the profiles of its training C1 and C2 compiled worse
    # (docs/performance.md). A newer JDK need not know these two.
    -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:-AOTReplayTraining
  )
  JAVA_FLAGS=("${COMMON_FLAGS[@]}")
  case ${1:-} in
    serve)
      # A small young generation and little slack in the old one: collections come before new memory.
      JAVA_FLAGS+=(-Xms8m -Xmn4m -Xmx256m -XX:MaxDirectMemorySize=32m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -Xss256k)
      ;;
    inspect)
      # It reads gigabytes and keeps little: objects should die young. A small young generation is used again while it is in the
      # cache; of a large one the kernel clears each new page, a fifth of a run. What survives twice is a connection, and stays.
      # C2 costs more than it gains in so short a run; C1 should compile a method before its 200th call.
      JAVA_FLAGS+=(-Xms64m -Xmn16m -Xmx224m -XX:MaxTenuringThreshold=1 -XX:CompileThresholdScaling=0.25)
      # This halves the page faults.
      [ "${OSTYPE#linux}" = "$OSTYPE" ] || JAVA_FLAGS+=(-XX:+UseTransparentHugePages)
      ;;
    explain)
      # A log of a million lines takes seconds, long enough for C2, which makes JSON output a quarter faster.
      JAVA_FLAGS+=(-Xms48m -Xmn32m -Xmx224m -XX:TieredStopAtLevel=4)
      ;;
    *)
      JAVA_FLAGS+=(-Xms16m -Xmx1g)
      ;;
  esac
}
