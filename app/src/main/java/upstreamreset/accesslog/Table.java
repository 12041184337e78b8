// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.util.LinkedHashMap;
import java.util.Map;

/** Words and their meanings, parsed from lines {@code word: meaning}, in order. */
public final class Table {
    private Table() {}

    public static Map<String, String> parse(String text) {
        var table = new LinkedHashMap<String, String>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            table.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return table;
    }
}
