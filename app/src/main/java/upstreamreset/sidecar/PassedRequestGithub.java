// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.io.PrintWriter;
import upstreamreset.accesslog.LogField;
import upstreamreset.output.Annotation;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** A request as a workflow command of GitHub Actions: an annotation if something is wrong, else its line. */
public record PassedRequestGithub(PrintWriter out) {
    public void print(PassedRequest request) {
        if (request.wrong()) {
            var path = Printable.of(
                    Secrets.queries(request.log().entry().text(LogField.PATH).orElse("-")));
            var text = path + ": " + String.join("\n", PassedRequestText.explanation(request));
            out.println(Annotation.error("upstream-reset sidecar: " + path, text));
        } else {
            out.println(PassedRequestText.line(request));
        }
        out.flush();
    }
}
