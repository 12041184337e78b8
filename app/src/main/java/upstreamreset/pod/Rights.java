// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.ArrayList;
import java.util.List;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.Failure;
import upstreamreset.kubernetes.KubeApi;
import upstreamreset.kubernetes.KubeRequest;
import upstreamreset.output.Json;

/** Asks the API server for the user's rights in a namespace before anything is done there. */
public record Rights(KubeApi api, String namespace) {
    /** From here on a WebSocket to a Pod needs {@code create}, besides the {@code get} of its HTTP request. */
    private static final int CREATE_SINCE = 35;

    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    /** The rights that a WebSocket to this subresource of a Pod needs, exec, attach or port-forward, on any version. */
    public static List<Right> ofSocket(String resource) {
        return List.of(Right.core("get", resource), Right.core("create", resource));
    }

    /**
     * That nothing is missing.
     *
     * @param pod whose name a Role may be bound to; empty for any
     * @param role the file of ours with the Role that allows it
     */
    public void require(List<Right> needed, String pod, String role)
            throws MissingRightsException, ApiException, InterruptedException {
        var missing = missing(needed, pod);
        if (!missing.isEmpty()) {
            throw new MissingRightsException(missing, namespace, role);
        }
    }

    /** The rights that are missing; none if the API server does not answer. */
    public List<Right> missing(List<Right> needed, String pod) throws ApiException, InterruptedException {
        var missing = new ArrayList<Right>();
        for (var right : needed) {
            if (!allowed(right, pod) && (!isCreateOfSocket(right) || createCounts())) {
                missing.add(right);
            }
        }
        return missing;
    }

    private boolean allowed(Right right, String pod) throws ApiException, InterruptedException {
        try {
            var review = api.call(KubeRequest.post("selfsubjectaccessreviews", REVIEWS, review(right, pod)));
            return review.map(answer -> answer.path("status").path("allowed").asBoolean(false))
                    .orElse(true);
        } catch (ApiException e) {
            if (e.failure().kind() == Failure.Kind.FORBIDDEN
                    && !String.valueOf(e.getMessage()).contains("(401)")) {
                return true;
            }
            throw e;
        }
    }

    private String review(Right right, String pod) {
        return Json.object(json -> {
            json.field("apiVersion", "authorization.k8s.io/v1");
            json.field("kind", "SelfSubjectAccessReview");
            json.object(
                    "spec",
                    spec -> spec.object("resourceAttributes", attributes -> {
                        attributes.field("namespace", namespace);
                        attributes.field("verb", right.verb());
                        attributes.field("group", right.group());
                        attributes.field("resource", right.resource());
                        attributes.field("subresource", right.subresource());
                        if (right.resource().equals("pods") && !right.verb().equals("list")) {
                            attributes.field("name", pod);
                        }
                    }));
        });
    }

    private static boolean isCreateOfSocket(Right right) {
        return right.verb().equals("create")
                && right.resource().equals("pods")
                && List.of("exec", "attach", "portforward").contains(right.subresource());
    }

    private boolean createCounts() throws ApiException, InterruptedException {
        var version = api.call(KubeRequest.get("version", "/version"));
        var minor = version.map(answer -> answer.path("minor").asString("")).orElse("");
        var digits = minor.replaceFirst("\\D.*", "");
        return digits.isEmpty() || digits.length() > 4 || Integer.parseInt(digits) >= CREATE_SINCE;
    }
}
