// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;

/** The names in a cluster that shell completion can offer. Reads only. */
public record TargetNames(KubeApi api) {
    private static final int MAX_NAMES = 500;

    private static final List<String> KINDS = List.of("deploy/", "sts/", "ds/", "svc/");

    public List<String> namespaces() throws ApiException, InterruptedException {
        return names("namespaces", "/api/v1/namespaces");
    }

    /** The Pods of a namespace, or of all. */
    public List<String> pods(Optional<String> namespace) throws ApiException, InterruptedException {
        return of(TargetName.Kind.POD, namespace);
    }

    /**
     * The completions of {@code typed}, the beginning of a TARGET: Pods and kinds, or after a kind and a slash its
     * objects.
     */
    public List<String> targets(Optional<String> namespace, String typed) throws ApiException, InterruptedException {
        int slash = typed.indexOf('/');
        if (slash < 0) {
            return Stream.concat(pods(namespace).stream(), KINDS.stream()).toList();
        }
        var kind = typed.substring(0, slash + 1);
        try {
            return of(TargetName.parse(kind + "any").kind(), namespace).stream()
                    .map(name -> kind + name)
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private List<String> of(TargetName.Kind kind, Optional<String> namespace)
            throws ApiException, InterruptedException {
        return names(
                kind.plural(),
                kind.api()
                        + namespace
                                .map(each -> "/namespaces/" + PodFinder.encoded(each))
                                .orElse("") + "/" + kind.plural());
    }

    private List<String> names(String resource, String path) throws ApiException, InterruptedException {
        return api.list(resource, path, MAX_NAMES).orElse(List.of()).stream()
                .map(each -> each.path("metadata").path("name").asString(""))
                .distinct()
                .toList();
    }
}
