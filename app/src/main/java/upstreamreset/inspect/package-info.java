// SPDX-License-Identifier: Apache-2.0
/** Every response of a capture: paired with its request, judged, and shown as text, JSON or a page. */
@NullMarked
package upstreamreset.inspect;

import org.jspecify.annotations.NullMarked;
