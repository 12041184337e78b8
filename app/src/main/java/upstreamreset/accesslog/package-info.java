// SPDX-License-Identifier: Apache-2.0
/** Envoy's access-log lines: what they say, and what that means. */
@NullMarked
package upstreamreset.accesslog;

import org.jspecify.annotations.NullMarked;
