// SPDX-License-Identifier: Apache-2.0
package upstreamreset.diagnose;

import java.util.List;
import java.util.Optional;

/**
 * What the sidecar's codec said of our question, at the levels that were raised for it.
 *
 * @param reason why it refused the response; empty where it did not, or where nothing was raised
 * @param fields the field lines of the response as they stood on the wire, {@code name: value}, credentials hidden
 * @param note why there is no reason, or what else is to be known; empty for nothing
 */
public record CodecWords(Optional<String> reason, List<String> fields, String note) {
    static final CodecWords NONE = new CodecWords(Optional.empty(), List.of(), "");

    public CodecWords {
        fields = List.copyOf(fields);
    }
}
