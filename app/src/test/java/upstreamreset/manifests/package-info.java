// SPDX-License-Identifier: Apache-2.0
/** Proves manifests/, argocd/ and the cluster scripts against a real kube-apiserver. */
@NullMarked
package upstreamreset.manifests;

import org.jspecify.annotations.NullMarked;
