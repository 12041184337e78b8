// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

/** The source of a scenario's response. */
public sealed interface Source permits Source.App, WireScript, Source.Nobody {
    /** The app itself serves it, at this path. */
    record App(String path) implements Source {
        public App {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path \"" + path + "\" does not start with /");
            }
        }
    }

    /** Nobody listens at the app's address: the connection is refused. */
    record Nobody() implements Source {}
}
