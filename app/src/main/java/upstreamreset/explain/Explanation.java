// SPDX-License-Identifier: Apache-2.0
package upstreamreset.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import upstreamreset.verdict.Verdict;

/**
 * The combined meaning of one request's lines.
 *
 * @param hops the proxies that logged it, the client's first
 * @param culprit the hop next to the cause: it made the error, or is nearest to the hop that did
 * @param envoy the verdict on that hop's proxy, in the vocabulary of all commands
 * @param verdict who made the response that the client got, in one sentence
 * @param appRan how often the app got the request; empty if unknown
 * @param notes other facts in the lines, one sentence each
 * @param causes ranked
 * @param codec why Envoy's codec refused the response, if its log was given too
 * @param contradictions contradictions in the culprit's line, one sentence each: then nothing else is certain
 */
public record Explanation(
        List<Hop> hops,
        Hop culprit,
        Verdict envoy,
        String verdict,
        OptionalInt appRan,
        List<String> notes,
        List<Cause> causes,
        Optional<CodecRefusal> codec,
        List<String> contradictions) {
    public Explanation {
        hops = List.copyOf(hops);
        notes = List.copyOf(notes);
        causes = List.copyOf(causes);
        contradictions = List.copyOf(contradictions);
    }

    /** The same for a request that was already reported without some of its lines. */
    Explanation toldBefore() {
        var all = new ArrayList<String>();
        all.add("reported above, without some of these lines");
        all.addAll(notes);
        return new Explanation(hops, culprit, envoy, verdict, appRan, all, causes, codec, contradictions);
    }

    /** Whether anything went wrong at any hop, also if a retry mended it. */
    public boolean failed() {
        return hops.stream().anyMatch(hop -> hop.exchange().failed());
    }
}
