// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import upstreamreset.wire.Bytes;

/**
 * One cause of the catalogue in {@code causes.txt}, the only place that names causes.
 *
 * @param id in kebab-case, the same in text, JSON and docs/causes.md; it never changes
 * @param words what went wrong, without a full stop
 * @param fix what to change, without a full stop
 * @param next the name of the command that checks it, see {@link NextCommand#named}
 */
public record KnownCause(String id, String words, String fix, String next) {
    private static final Map<String, KnownCause> BY_ID = load();

    /** The cause of an id of the catalogue. */
    static KnownCause of(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("there is no cause " + id));
    }

    public static Optional<KnownCause> find(String id) {
        @Nullable KnownCause known = BY_ID.get(id);
        return Optional.ofNullable(known);
    }

    /** All of them, in the catalogue's order. */
    public static Collection<KnownCause> all() {
        return Collections.unmodifiableCollection(BY_ID.values());
    }

    /** This cause of the request that {@code command} is about. */
    Cause at(NextCommand command) {
        return new Cause(id, words, command.named(next));
    }

    private static Map<String, KnownCause> load() {
        var text = Bytes.ofResource(KnownCause.class, "causes.txt").utf8();
        var lines = text.lines().toList();
        var causes = new LinkedHashMap<String, KnownCause>();
        for (int i = 0; i < lines.size(); i += 3) {
            int colon = lines.get(i).indexOf(": ");
            var id = lines.get(i).substring(0, colon);
            causes.put(
                    id,
                    new KnownCause(
                            id,
                            lines.get(i).substring(colon + 2),
                            lines.get(i + 1).strip(),
                            lines.get(i + 2).strip()));
        }
        return causes;
    }
}
