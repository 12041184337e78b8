// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

/** A scenario file is wrong; the message says where (file, line, entry, field) and why. */
public final class CatalogueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CatalogueException(String file, int line, String entry, String field, String why) {
        super("%s:%d: %s%s%s"
                .formatted(
                        file,
                        line,
                        entry.isEmpty() ? "" : "scenario " + entry + ": ",
                        field.isEmpty() ? "" : "field " + field + ": ",
                        why));
    }
}
