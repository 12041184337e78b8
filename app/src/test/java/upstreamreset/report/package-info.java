// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.report;

import org.jspecify.annotations.NullMarked;
