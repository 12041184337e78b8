// SPDX-License-Identifier: Apache-2.0
package upstreamreset.output;

import upstreamreset.wire.Escape;

/** A workflow command of GitHub Actions that annotates the job: always one line, whatever title and text contain. */
public final class Annotation {
    private Annotation() {}

    /** That something is wrong. */
    public static String error(String title, String text) {
        return of("error", title, text);
    }

    /** That something should be known. */
    public static String notice(String title, String text) {
        return of("notice", title, text);
    }

    private static String of(String level, String title, String text) {
        return "::%s title=%s::%s".formatted(level, Escape.workflowProperty(title), Escape.workflowData(text));
    }
}
