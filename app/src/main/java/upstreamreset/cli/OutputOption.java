// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

/** {@code --output}, shared by all commands that print a result. */
final class OutputOption {
    Format format = Format.TEXT;

    /** How a result is printed. */
    enum Format {
        TEXT,
        JSON
    }

    void addTo(Syntax syntax) {
        syntax.option("--output", "FORMAT", Format.class, value -> format = value)
                .description("Output format: text, or json (one JSON object per line). Default: text.");
    }
}
