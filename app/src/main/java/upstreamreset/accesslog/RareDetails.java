// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/** The details that codecs, filters and listeners set, in words, from {@code details.txt}; loaded on first use. */
final class RareDetails {
    private static final String BEFORE = "before";
    private static final String ANSWER = "answer";
    private static final String LOCAL_CLOSE = "local close";

    private record Detail(String section, String words) {}

    private static final Map<String, Detail> BY_NAME = load();

    private RareDetails() {}

    /** The meaning of the details, without their argument and without a full stop. */
    static Optional<String> words(String name) {
        return find(name).map(Detail::words);
    }

    /** Whether Envoy sets them where the request has not gone on to the upstream. */
    static boolean beforeUpstream(String name) {
        return find(name)
                .filter(detail ->
                        detail.section().equals(BEFORE) || detail.section().equals(ANSWER))
                .isPresent();
    }

    /** Whether they are of a filter that answers requests as its purpose is. */
    static boolean answers(String name) {
        return find(name).filter(detail -> detail.section().equals(ANSWER)).isPresent();
    }

    /** Why Envoy closed the client's connection, of {@code downstream_local_disconnect(http2_ping_timeout)}. */
    static Optional<String> localClose(String name) {
        int open = name.indexOf('(');
        int close = name.indexOf(')');
        return open < 0 || close < open
                ? Optional.empty()
                : find(name.substring(open + 1, close))
                        .filter(detail -> detail.section().equals(LOCAL_CLOSE))
                        .map(Detail::words);
    }

    private static Optional<Detail> find(String name) {
        @Nullable Detail whole = BY_NAME.get(name);
        if (whole != null) {
            return Optional.of(whole);
        }
        return BY_NAME.entrySet().stream()
                .filter(row -> row.getKey().endsWith("*")
                        && name.startsWith(
                                row.getKey().substring(0, row.getKey().length() - 1)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Map<String, Detail> load() {
        var text = Bytes.ofResource(RareDetails.class, "details.txt").utf8();
        var details = new LinkedHashMap<String, Detail>();
        var section = "";
        for (var line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else {
                int colon = line.indexOf(": ");
                details.put(line.substring(0, colon), new Detail(section, line.substring(colon + 2)));
            }
        }
        return details;
    }
}
