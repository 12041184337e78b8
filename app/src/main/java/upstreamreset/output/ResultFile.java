// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a result goes to when the work is done. */
public final class ResultFile {
    private ResultFile() {}

    /** Says before the work that the file cannot be written. */
    public static void check(String what, Path file) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new IOException("cannot write " + what + " " + file
                    + "; name a file in a folder that exists and where you may write");
        }
    }
}
