// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.Locale;
import upstreamreset.process.Program;

/** The HTTP implementations that can be columns. */
public enum Implementation {
    ENVOY,
    NGINX,
    HAPROXY,
    CURL,
    /** java.net.http.HttpClient of the JDK that runs us. */
    JDK,
    /** Go's net/http. */
    GO;

    /** The word for it in options and titles, and its program's name. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a program of that name is on PATH. */
    public boolean onPath() {
        return Program.onPath(text(), System.getenv()).isPresent();
    }
}
