// SPDX-License-Identifier: Apache-2.0
package upstreamreset.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells which processes still run. */
public final class Processes {
    private Processes() {}

    /** Whether it runs. Where nobody asks how it ended, as PID 1 of some containers, one that has ended stays as a zombie. */
    public static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            return !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            // It has gone meanwhile, or this is no Linux.
            return process.isAlive();
        }
    }

    /** The same for a process id. */
    public static boolean runs(long pid) {
        return ProcessHandle.of(pid).filter(Processes::runs).isPresent();
    }
}
