// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;

/**
 * The codec's messages about our request, logged at the raised levels.
 *
 * @param reason why it refused the response; empty if it did not, or if no level was raised
 * @param fields the field lines of the response as they stood on the wire, {@code name: value}, credentials hidden
 * @param note why there is no reason, or other remarks; may be empty
 */
public record CodecWords(Optional<String> reason, List<String> fields, String note) {
    static final CodecWords NONE = new CodecWords(Optional.empty(), List.of(), "");

    public CodecWords {
        fields = List.copyOf(fields);
    }
}
