// SPDX-License-Identifier: Apache-2.0
/** The election against a real kube-apiserver and etcd, with the shipped Role, and candidates that are real processes. */
@NullMarked
package upstreamreset.leader.kubernetes;

import org.jspecify.annotations.NullMarked;
