// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import upstreamreset.wire.Printable;

/**
 * A kind and a name as in kubectl: {@code deploy/cart}, {@code deployment.apps/cart}, {@code svc/cart}; a bare name is
 * a Pod's.
 */
public record TargetName(Kind kind, String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");

    /** The names on offer. */
    public enum Kind {
        POD("pod", "/api/v1", "pods", "po"),
        SERVICE("service", "/api/v1", "services", "svc"),
        DEPLOYMENT("deployment", "/apis/apps/v1", "deployments", "deploy"),
        STATEFUL_SET("statefulset", "/apis/apps/v1", "statefulsets", "sts"),
        DAEMON_SET("daemonset", "/apis/apps/v1", "daemonsets", "ds"),
        REPLICA_SET("replicaset", "/apis/apps/v1", "replicasets", "rs"),
        JOB("job", "/apis/batch/v1", "jobs", "job"),
        GATEWAY("gateway", "/apis/gateway.networking.k8s.io/v1", "gateways", "gtw");

        private final String singular;
        private final String api;
        private final String plural;
        private final String brief;

        Kind(String singular, String api, String plural, String brief) {
            this.singular = singular;
            this.api = api;
            this.plural = plural;
            this.brief = brief;
        }

        /** As a sentence names it. */
        public String singular() {
            return singular;
        }

        /** As RBAC and paths name it. */
        public String plural() {
            return plural;
        }

        /** Its path at the API server. */
        String api() {
            return api;
        }

        private boolean is(String word) {
            return List.of(singular, plural, brief).contains(word.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Reads the user's input.
     *
     * @throws IllegalArgumentException when {@code text} names none of these; the message is one sentence
     */
    public static TargetName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new TargetName(Kind.POD, checked(text, text));
        }
        var word = text.substring(0, slash);
        int dot = word.indexOf('.');
        var kind = Arrays.stream(Kind.values())
                .filter(each -> each.is(dot < 0 ? word : word.substring(0, dot)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        ("'%s' is not a kind that runs Pods; TARGET is pod/NAME, deploy/NAME, sts/NAME, ds/NAME,"
                                        + " rs/NAME, job/NAME, svc/NAME or gateway/NAME")
                                .formatted(Printable.of(word))));
        return new TargetName(kind, checked(text.substring(slash + 1), text));
    }

    /** Whether {@code word} is that of a kind, without a name. */
    public static boolean isKind(String word) {
        return Arrays.stream(Kind.values()).anyMatch(each -> each.is(word));
    }

    private static String checked(String name, String text) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a valid Kubernetes name; TARGET is for example deploy/cart or pod/cart-7d9f-x2"
                            .formatted(Printable.of(text)));
        }
        return name;
    }

    /** As kubectl prints it. */
    public String text() {
        return kind.singular + "/" + name;
    }
}
