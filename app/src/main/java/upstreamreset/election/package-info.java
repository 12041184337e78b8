// SPDX-License-Identifier: Apache-2.0
/** Leader election on a Kubernetes Lease as in client-go: a state machine that knows no Kubernetes client. */
@NullMarked
package upstreamreset.election;

import org.jspecify.annotations.NullMarked;
