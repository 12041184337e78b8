// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Foreign text as it may be shown: printable, and without credentials, those in a query included. */
final class Shown {
    private Shown() {}

    static String text(String text) {
        return Printable.of(Secrets.queries(Secrets.text(text)));
    }

    /** A printed command, whose own queries stay: {@link NextCommand} hides those of the request. */
    static String command(String text) {
        return Printable.of(Secrets.text(text));
    }
}
