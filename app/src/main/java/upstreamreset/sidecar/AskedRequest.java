// SPDX-License-Identifier: Apache-2.0
package upstreamreset.sidecar;

import java.time.Duration;
import java.util.List;
import upstreamreset.codec.ProxyAlteration;
import upstreamreset.framework.Framework;
import upstreamreset.http1.FramingReport;

/**
 * A request of our own, and its result.
 *
 * @param passed as the sidecars logged it, the client's first
 * @param problem why there is no response, in one sentence; empty if there is one
 * @param note a remark in one sentence; may be empty
 * @param alterations the differences between the bytes that the app sent and those that arrived
 * @param client the response that arrived
 */
public record AskedRequest(
        String target,
        List<PassedRequest> passed,
        String problem,
        String note,
        List<ProxyAlteration> alterations,
        FramingReport client,
        Duration took) {
    public AskedRequest {
        passed = List.copyOf(passed);
        alterations = List.copyOf(alterations);
    }

    /** The same for an app whose framework the user gives. */
    public AskedRequest madeBy(Framework framework) {
        var made = passed.stream().map(each -> each.madeBy(framework)).toList();
        return new AskedRequest(target, made, problem, note, alterations, client, took);
    }

    /** Whether something is wrong with the app's answer. */
    public boolean wrong() {
        return !problem.isEmpty() || passed.stream().anyMatch(PassedRequest::wrong);
    }

    /** Whether the app was not reached, so that nothing is known of its answer. */
    public boolean unreached() {
        return passed.stream().anyMatch(PassedRequest::unreached);
    }
}
