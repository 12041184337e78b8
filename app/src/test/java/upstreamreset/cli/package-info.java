// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.cli;

import org.jspecify.annotations.NullMarked;
