// SPDX-License-Identifier: Apache-2.0
/** TCP segments made into ordered streams, within bounds; and the events of a connection as values. */
@NullMarked
package upstreamreset.tcp;

import org.jspecify.annotations.NullMarked;
