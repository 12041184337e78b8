// SPDX-License-Identifier: Apache-2.0
/** The commands, one per file, and what they share: their syntax, exit codes, error sentences, output. */
@NullMarked
package upstreamreset.cli;

import org.jspecify.annotations.NullMarked;
