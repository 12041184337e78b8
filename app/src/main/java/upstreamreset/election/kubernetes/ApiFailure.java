// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import upstreamreset.election.Failure;
import upstreamreset.election.LeaseException;
import upstreamreset.wire.Printable;

/** Says in one sentence what the API server refused, and for a missing permission which verb on which resource. */
final class ApiFailure {
    private ApiFailure() {}

    static Failure of(KubeRequest request, int status, @Nullable String body, @Nullable String retryAfter) {
        var said = oneLine(message(body));
        var object = request.verb() + " " + request.object();
        return switch (status) {
            case 401 ->
                new Failure(
                        Failure.Kind.FORBIDDEN,
                        "The API server does not accept our token (401), asked to " + object + "." + words(said));
            case 403 ->
                new Failure(
                        Failure.Kind.FORBIDDEN,
                        "Not permitted to " + object + ": the Role must allow that verb on that resource."
                                + words(said));
            case 409 -> new Failure(Failure.Kind.CONFLICT, "Someone was faster to " + object + "." + words(said));
            case 410 -> new Failure(Failure.Kind.EXPIRED, "Too late to " + object + " from there." + words(said));
            case 429 ->
                new Failure(
                        Failure.Kind.THROTTLED,
                        "The API server is busy (429), asked to " + object + "." + words(said),
                        seconds(retryAfter));
            default ->
                new Failure(
                        request.creates() && status == 422 ? Failure.Kind.CONFLICT : Failure.Kind.REFUSED,
                        "The API server answered " + status + ", asked to " + object + "." + words(said),
                        seconds(retryAfter));
        };
    }

    private static String words(String said) {
        return said.isEmpty() ? "" : " It says: " + said;
    }

    private static String message(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return "";
        }
        try {
            return KubeApi.parse(body).path("message").asString("");
        } catch (LeaseException e) {
            return body;
        }
    }

    static String oneLine(String text) {
        return Printable.words(text.strip());
    }

    private static Duration seconds(@Nullable String retryAfter) {
        return retryAfter != null && retryAfter.matches("\\d{1,4}")
                ? Duration.ofSeconds(Integer.parseInt(retryAfter))
                : Duration.ZERO;
    }
}
