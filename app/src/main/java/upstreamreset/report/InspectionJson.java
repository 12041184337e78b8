// SPDX-License-Identifier: Apache-2.0
package upstreamreset.report;

import java.io.PrintWriter;
import upstreamreset.capture.Endpoints;
import upstreamreset.diagnosis.InspectedResponse;
import upstreamreset.wire.Excerpt;

/** Responses of a capture as JSON Lines, in the vocabulary of all commands. */
public final class InspectionJson {
    private final PrintWriter out;

    public InspectionJson(PrintWriter out) {
        this.out = out;
    }

    public void print(String file, InspectedResponse response) {
        var json = JudgedResponseJson.of(response.judged());
        json.put("file", Excerpt.of(file));
        json.put("client", Endpoints.text(response.endpoints().client()));
        json.put("server", Endpoints.text(response.endpoints().server()));
        response.idle().ifPresent(idle -> json.put("idleSeconds", idle.toNanos() / 1e9));
        var notes = json.putArray("notes");
        response.notes().forEach(notes::add);
        out.println(json);
    }
}
