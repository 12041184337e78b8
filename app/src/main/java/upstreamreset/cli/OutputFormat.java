// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

/** How a result is printed. */
enum OutputFormat {
    TEXT,
    JSON
}
