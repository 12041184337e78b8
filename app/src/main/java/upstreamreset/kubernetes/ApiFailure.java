// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Printable;

/** Describes in one sentence what the API server refused, and for a missing permission the verb and the resource. */
public final class ApiFailure {
    private ApiFailure() {}

    static Failure of(KubeRequest request, int status, @Nullable String body, @Nullable String retryAfter) {
        var object = request.verb() + " " + request.object();
        var sentence = switch (status) {
            case 401 -> "The API server does not accept our credential (401) to " + object + ".";
            case 403 -> "Not permitted to " + object + ": the Role must allow that verb on that resource.";
            case 409 -> "Somebody else changed it first (409): could not " + object + ".";
            case 410 -> "The version is too old (410) to " + object + " from it.";
            case 429 -> "The API server is too busy (429) to " + object + ".";
            default -> "The API server answered " + status + " to " + object + ".";
        };
        var kind = switch (status) {
            case 401, 403 -> Failure.Kind.FORBIDDEN;
            case 409 -> Failure.Kind.CONFLICT;
            case 410 -> Failure.Kind.EXPIRED;
            case 422 -> request.creates() ? Failure.Kind.CONFLICT : Failure.Kind.REFUSED;
            case 429 -> Failure.Kind.THROTTLED;
            default -> Failure.Kind.REFUSED;
        };
        var said = oneLine(message(body));
        return new Failure(kind, said.isEmpty() ? sentence : sentence + " It says: " + said, seconds(retryAfter));
    }

    private static String message(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return "";
        }
        try {
            return KubeApi.parse(body).path("message").asString("");
        } catch (ApiException e) {
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
