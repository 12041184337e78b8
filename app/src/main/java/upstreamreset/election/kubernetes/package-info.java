// SPDX-License-Identifier: Apache-2.0
/** The election on a real Kubernetes API: Lease, Pod label, Service and Events, through fabric8's HTTP client. */
@NullMarked
package upstreamreset.election.kubernetes;

import org.jspecify.annotations.NullMarked;
