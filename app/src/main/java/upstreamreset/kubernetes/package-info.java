// SPDX-License-Identifier: Apache-2.0
/**
 * Plain calls to a Kubernetes API server, through fabric8's HTTP client; a failure says in one sentence what was not
 * permitted or not answered.
 */
@NullMarked
package upstreamreset.kubernetes;

import org.jspecify.annotations.NullMarked;
