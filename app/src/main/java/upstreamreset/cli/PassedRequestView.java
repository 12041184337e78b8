// SPDX-License-Identifier: Apache-2.0
package upstreamreset.cli;

import java.io.PrintWriter;
import upstreamreset.output.Annotation;
import upstreamreset.sidecar.AskedRequest;
import upstreamreset.sidecar.PassedRequest;
import upstreamreset.sidecar.PassedRequestGithub;
import upstreamreset.sidecar.PassedRequestJson;
import upstreamreset.sidecar.PassedRequestText;
import upstreamreset.wire.Escape;
import upstreamreset.wire.Printable;
import upstreamreset.wire.Secrets;

/** Prints requests that pass a sidecar, in the format that {@code --output} names. */
record PassedRequestView(PrintWriter out, CiOutputOption.Format format) {
    synchronized void print(PassedRequest request) {
        switch (format) {
            case TEXT -> new PassedRequestText(out).print(request);
            case JSON -> new PassedRequestJson(out).print(request);
            case GITHUB -> new PassedRequestGithub(out).print(request);
        }
    }

    /** The reason why the lines do not answer for our request. */
    void print(AskedRequest request) {
        var target = Printable.of(Secrets.queries(request.target()));
        switch (format) {
            case TEXT -> {
                if (!request.problem().isEmpty()) {
                    out.println("  " + target + ": " + request.problem());
                }
                if (!request.note().isEmpty()) {
                    out.println("  note: " + request.note());
                }
                request.alterations()
                        .forEach(each -> out.println(
                                "  " + each.what() + ": sent " + each.sent() + ", arrived " + each.arrived()));
            }
            case JSON -> {}
            case GITHUB -> {
                if (!request.problem().isEmpty()) {
                    out.println(Annotation.error("upstream-reset sidecar: " + target, request.problem()));
                } else if (!request.note().isEmpty()) {
                    out.println("::notice::" + Escape.workflowData(target + ": " + request.note()));
                }
            }
        }
        out.flush();
    }
}
