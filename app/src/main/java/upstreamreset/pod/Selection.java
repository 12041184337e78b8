// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.List;

/**
 * The Pod that is examined, of those that a TARGET means.
 *
 * @param others the other ones
 * @param anyNamespace whether it was looked for in all namespaces
 */
public record Selection(Pod pod, List<Pod> others, boolean anyNamespace) {
    public Selection {
        others = List.copyOf(others);
    }

    /** The first of {@code pods}, as {@link PodFinder} orders them. */
    public static Selection firstOf(List<Pod> pods, boolean anyNamespace) {
        return new Selection(pods.getFirst(), pods.subList(1, pods.size()), anyNamespace);
    }

    public int count() {
        return others.size() + 1;
    }

    /** The Pods that are not ready, where the examined one is. */
    public List<Pod> unready() {
        return pod.ready() ? others.stream().filter(each -> !each.ready()).toList() : List.of();
    }
}
