// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.util.List;

/** The completions that only a kubeconfig or a cluster knows; none if it does not answer soon. */
interface CompletedNames {
    /** The kubeconfig's contexts; {@code words} stand before, and may name another kubeconfig. */
    default List<String> contexts(List<String> words) {
        return List.of();
    }

    default List<String> namespaces(List<String> words) {
        return List.of();
    }

    default List<String> pods(List<String> words) {
        return List.of();
    }

    /** Pods by name, and the kinds; after a kind and a slash, the objects of that kind. */
    default List<String> targets(List<String> words, String typed) {
        return List.of();
    }
}
