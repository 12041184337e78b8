// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import picocli.CommandLine.Option;

/** {@code --output}, the same in every command that prints a result. */
final class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (a line a result). Default: ${DEFAULT-VALUE}.")
    OutputFormat format = OutputFormat.TEXT;
}
