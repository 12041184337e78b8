// SPDX-License-Identifier: Apache-2.0
package upstreamreset.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Recognises the line of a request that certainly succeeded, in Istio's or Envoy's text or in JSON with Istio's keys,
 * without parsing it: a 2xx from the upstream, no flags. The answer false proves nothing.
 *
 * <p>Without it {@code explain} takes 1.7 times the CPU time on a log of 400,000 lines, 95 % of them clean.
 */
final class CleanLineScan {
    private static final String KEY = "\"response_";
    private static final Pattern SUCCESS = Pattern.compile("\"?2[0-9][0-9][,}\"]");

    private CleanLineScan() {}

    static boolean isClean(byte[] line, int from, int to) {
        var text = new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        return text.startsWith("{") ? isCleanJson(text) : isCleanText(text);
    }

    private static boolean isCleanText(String line) {
        int time = line.indexOf('[');
        while (time >= 0 && !LogReader.beginsAsAccessLog(line, time)) {
            time = line.indexOf('[', time + 1);
        }
        int request = line.indexOf('"', time + 12);
        int end = line.indexOf('"', request + 1);
        return time >= 0 && line.startsWith("\" 2", end) && line.startsWith(" - via_upstream - \"-\" ", end + 5);
    }

    /** Whether each {@code response_…}, also in a line that a shipper put, escaped, into a string of its own JSON, is clean. */
    private static boolean isCleanJson(String line) {
        var json = line.replace("\\", "").replace("\": ", "\":").stripTrailing();
        boolean code = false;
        boolean flags = false;
        boolean details = false;
        for (int key = json.indexOf(KEY); key >= 0; key = json.indexOf(KEY, key + 1)) {
            int name = key + KEY.length();
            if (json.startsWith("flags\":\"-\"", name)) {
                flags = true;
            } else if (json.startsWith("code_details\":\"via_upstream\"", name)) {
                details = true;
            } else if (json.startsWith("code\":", name)
                    && SUCCESS.matcher(json).region(name + 6, json.length()).lookingAt()) {
                code = true;
            } else {
                return false;
            }
        }
        return code && flags && details && json.endsWith("}");
    }
}
