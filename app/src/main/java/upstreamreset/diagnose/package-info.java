// SPDX-License-Identifier: Apache-2.0
/** Looks at a Pod in the mesh, reads its sidecar's log, asks the app past the sidecar and through it, and concludes. */
@NullMarked
package upstreamreset.diagnose;

import org.jspecify.annotations.NullMarked;
