// SPDX-License-Identifier: Apache-2.0
package upstreamreset.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import upstreamreset.wire.Bytes;

/**
 * The API server's response, with any status.
 *
 * @param fields by name in lower case
 * @param whole whether it is all of the body, and not its first bytes alone
 */
public record KubeAnswer(int status, Map<String, List<String>> fields, Bytes body, boolean whole) {
    public KubeAnswer {
        fields = Map.copyOf(fields);
    }

    public boolean successful() {
        return status >= 200 && status < 300;
    }

    /** The first value of a field. */
    public Optional<String> field(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    public String text() {
        return new String(body.toArray(), StandardCharsets.UTF_8);
    }
}
