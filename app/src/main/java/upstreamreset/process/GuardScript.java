// SPDX-License-Identifier: Apache-2.0
package upstreamreset.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The POSIX shell script that starts a child and, when its standard input ends, kills the child and all its
 * descendants.
 *
 * <p>The child has a session of its own, so that its process group is killed by one call. A process that leaves the
 * group (a daemon, a {@code setsid}) is found by a mark that it inherits and, unlike its parent, session and
 * environment, cannot lose by accident: the limit {@code RLIMIT_LOCKS}, which Linux has not used since 2.4, has a
 * unique value. The signals that the guard ignores have their defaults again in the child, so that users can end it.
 *
 * @param folder is removed at the end, if there is one
 * @param input what the child reads, if there is anything
 * @param mark the value
 */
record GuardScript(@Nullable Path folder, @Nullable Path input, String mark) {
    /**
     * Kills the group of {@code $child} if that is still ours, and everything with the mark but {@code $keep}, until nothing is
     * left of it: what is just being forked is there the next time. Zombies are dead.
     */
    private static final String KILL_ALL = """
            kill_all() {
              [ -n "$mark" ] || [ -z "$child" ] || kill -s KILL -- "-$child"
              rounds=0 alive=$mark
              while [ -n "$alive" ] && [ "$rounds" -lt 200 ]; do
                rounds=$((rounds + 1)) alive=
                for each in $(PATH=/usr/bin:/bin grep -ls "^Max file locks  *$mark " /proc/[0-9]*/limits); do
                  each=${each#/proc/} each=${each%/limits}
                  [ "$each" != "$keep" ] && read -r state 2>/dev/null <"/proc/$each/stat" || continue
                  case $state in
                    *') Z '* | *') X '*) continue ;;
                  esac
                  [ "$each" != "$child" ] || each=-$child
                  kill -s KILL -- "$each" && alive=yes
                done
              done
            }
            """;

    /**
     * The guard first waits until its folder is there. Then it starts a copy of itself, which waits for the end; that has no
     * mark, but the rest has. {@code $$} is the guard itself in the copy too.
     */
    private static final String GUARD = """
            trap '' INT QUIT HUP TERM
            exec 3<&0 5>&2 2>/dev/null
            mark=$1 folder=$2 input=$3 session=$4 child=''; shift 4
            remove_folder() { [ -z "$folder" ] || PATH=/usr/bin:/bin rm -rf "$folder"; }
            read -r _ <&3 || { remove_folder; exit 1; }
            mark() { ulimit -w "$mark" || ulimit -x "$mark"; }
            (mark) || mark=''
            (
              exec <&3 3<&- >/dev/null 5>&-
              keep=$$
              if read -r child; then read -r _; else kill -s KILL "$keep"; keep=; fi
              kill_all
              remove_folder
            ) &
            exec 3<&-
            [ -z "$mark" ] || mark
            (
              trap - INT QUIT HUP TERM
              exec $session /bin/sh -c 'echo "guarded $$"; exec "$@"' "$0" "$@" <"$input" 2>&5 5>&-
            )
            status=$?
            exec >/dev/null 5>&-
            wait "$!"
            exit "$status"
            """;

    private static final String KILL = """
            mark=$1 folder=$2 child=$3 keep=
            kill_all
            [ -z "$folder" ] || PATH=/usr/bin:/bin rm -rf "$folder"
            """;

    /** Job control puts the guard in a process group of its own where there is no {@code setsid}: macOS. */
    private static final String OWN_GROUP = """
            set -m
            trap '' INT QUIT HUP TERM
            "$@" <&0 & wait "$!"
            """;

    /** For a child that no other has the mark of. */
    GuardScript(@Nullable Path folder, @Nullable Path input) {
        this(folder, input, Long.toString(ThreadLocalRandom.current().nextLong(1L << 61, 1L << 62)));
    }

    /** The command line that starts {@code command} under a guard, which neither a terminal nor its end reaches. */
    List<String> guard(List<String> command) {
        var setsid = setsid();
        var line = new ArrayList<>(
                setsid.isEmpty() ? List.of("/bin/sh", "-c", OWN_GROUP, "upstream-reset-group") : List.of(setsid));
        line.addAll(List.of("/bin/sh", "-c", KILL_ALL + GUARD, "upstream-reset-guard", mark, name(folder)));
        line.add(input == null ? "/dev/null" : input.toString());
        line.add(setsid);
        line.addAll(command);
        return line;
    }

    /** The command line that does a guard's last work. */
    List<String> kill(long child) {
        return List.of(
                "/bin/sh", "-c", KILL_ALL + KILL, "upstream-reset-kill", mark, name(folder), Long.toString(child));
    }

    private static String name(@Nullable Path folder) {
        return folder == null ? "" : folder.toString();
    }

    private static String setsid() {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(setsid -> Files.isExecutable(Path.of(setsid)))
                .findFirst()
                .orElse("");
    }
}
