// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

/** {@code --output} of the commands that also run in CI. */
final class CiOutputOption {
    Format format = Format.TEXT;

    /** How a result is printed. */
    enum Format {
        TEXT,
        JSON,
        GITHUB
    }

    void addTo(Syntax syntax) {
        syntax.option("--output", "FORMAT", Format.class, value -> format = value)
                .description("Output format: text, json (one JSON object per line), or github (annotations of GitHub"
                        + " Actions). Default: text.");
    }
}
