// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import upstreamreset.pod.Right;
import upstreamreset.pod.Rights;

/** The rights that a diagnosis needs, and the messages if they are missing. */
final class NotPermitted {
    static final Right LOG = Right.core("get", "pods/log");
    private static final List<Right> FORWARD = Rights.ofSocket("pods/portforward");
    private static final String ROLE = "manifests/diagnose has the Role";

    private NotPermitted() {}

    static List<Right> needed(Question question) {
        var needed = new ArrayList<Right>();
        needed.add(LOG);
        needed.addAll(FORWARD);
        if (question.path().isPresent()) {
            needed.add(proxy(question));
        }
        return needed;
    }

    /** The right to ask through the API server's Pod proxy, whose verb is the method's. */
    static Right proxy(Question question) {
        return Right.core(verb(question.request().method()), "pods/proxy");
    }

    static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
    }

    /** Those of port-forward that are missing. */
    static List<Right> ofForward(List<Right> missing) {
        return missing.stream().filter(FORWARD::contains).toList();
    }

    static String to(List<Right> missing) {
        return "not permitted to " + missing.stream().map(Right::text).collect(Collectors.joining(" and to ")) + " ("
                + ROLE + ")";
    }

    static String sentence(List<Right> missing, String namespace) {
        return "not permitted in namespace " + namespace + ": "
                + missing.stream().map(Right::text).collect(Collectors.joining(", "))
                + "; what needs it is left out (" + ROLE + ")";
    }
}
