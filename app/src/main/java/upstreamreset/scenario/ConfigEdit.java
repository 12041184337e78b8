// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A change to one part of a sidecar's configuration in Envoy's own words (proto JSON, lowerCamelCase): objects merge,
 * {@code null} removes, anything else replaces, as in RFC 7396.
 */
public record ConfigEdit(Part part, String mergePatch) {
    /** The objects of Envoy's configuration that an edit can name. */
    public enum Part {
        LISTENER("listener"),
        CONNECTION_MANAGER("manager"),
        /** The one {@code Route}: its {@code match}, and its action under {@code route}, with {@code retryPolicy}. */
        ROUTE("route"),
        CLUSTER("cluster"),
        /** Envoy's whole configuration, and so every sidecar of the same Envoy: overload manager, runtime. */
        BOOTSTRAP("bootstrap");

        private final String word;

        Part(String word) {
            this.word = word;
        }
    }

    /** {@code PART {…}}, as the catalogue writes it. */
    static ConfigEdit parse(String text) {
        var words = text.split(" ", 2);
        var part = Arrays.stream(Part.values())
                .filter(each -> each.word.equals(words[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + words[0] + "\" is not a part; they are "
                        + Arrays.stream(Part.values()).map(each -> each.word).collect(Collectors.joining(", "))));
        if (words.length < 2 || !words[1].startsWith("{") || !words[1].endsWith("}")) {
            throw new IllegalArgumentException("expected a JSON object after " + words[0]);
        }
        return new ConfigEdit(part, words[1]);
    }

    @Override
    public String toString() {
        return part.word + " " + mergePatch;
    }
}
