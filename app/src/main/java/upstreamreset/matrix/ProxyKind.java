// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.nio.file.Path;
import java.util.List;
import upstreamreset.process.Program;

/**
 * How one kind of reverse proxy is configured: in one process, in the foreground, on Unix sockets in its own folder.
 */
interface ProxyKind {
    /** The field that a proxy adds to the app's responses but not to its own. */
    String FROM_APP = "X-From-App";

    Program program();

    default String title() {
        return program().path().getFileName() + " " + program().version();
    }

    /**
     * One way through the proxy.
     *
     * @param socket where it listens: another process cannot have taken a path as it can a port
     * @param port the app's, on 127.0.0.1
     */
    record Way(Path socket, int port) {}

    String config(Path folder, List<Way> ways);

    /** Starts it with the configuration in {@code file}; must not fork, so that killing it leaves nothing. */
    List<String> command(Path folder, Path file);
}
