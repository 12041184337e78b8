// SPDX-License-Identifier: Apache-2.0
package upstreamreset.scenario;

import java.util.List;
import java.util.Optional;
import upstreamreset.codec.EnvoyVersion;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.ResponseReader;
import upstreamreset.wire.Bytes;

/**
 * One named fault of an upstream (or one correct response, for comparison): the bytes that it sends and their outcome.
 *
 * @param name kebab-case, starts with the family's short form
 * @param family the file it stands in
 * @param sentence the fault, in one sentence
 * @param source who sends the response
 * @param means the body that the app means to send, if it cannot be read from the bytes by RFC 9112
 * @param request what the client asks
 * @param mesh which proxies it needs
 * @param breaks the broken rule; empty if there is none
 * @param seenIn who writes such code in the real world; public threads
 * @param fix what to change; empty when nothing is wrong
 * @param expectation the reaction of the newest Envoy that we test
 * @param older the different reactions of older versions, the oldest first
 */
public record Scenario(
        String name,
        String family,
        String sentence,
        Source source,
        Optional<Bytes> means,
        Request request,
        Mesh mesh,
        Optional<BrokenRule> breaks,
        List<String> seenIn,
        Optional<String> fix,
        Expectation expectation,
        List<Older> older) {
    /** The reaction of every Envoy before {@code version}. */
    public record Older(String version, Expectation expectation) {}

    public Scenario {
        seenIn = List.copyOf(seenIn);
        older = List.copyOf(older);
    }

    /** The path that requests it, the same as in {@code serve}. */
    public String path() {
        return switch (source) {
            case Source.App(var path) -> path;
            case WireScript _, Source.Nobody _ -> "/scenarios/" + name;
        };
    }

    /** Its path in {@code serve} for HTTP/1 clients; empty if its port cannot: refused connections, HTTP/2. */
    public Optional<String> livePath() {
        return source instanceof Source.Nobody || liveInHttp2() ? Optional.empty() : Optional.of(path());
    }

    /** Whether {@code serve} has it for clients that begin HTTP/2 with prior knowledge, at {@link #path}. */
    public boolean liveInHttp2() {
        return source instanceof WireScript script && script.protocol() == WireScript.Protocol.HTTP_2;
    }

    /**
     * The body of a whole response to the request, as the app means it: by what the entry says, else by RFC 9112. Empty when
     * the app sends no whole response, or none in HTTP/1.
     */
    public Optional<Bytes> meant() {
        if (means.isPresent() || liveInHttp2() || !(source instanceof WireScript script)) {
            return means;
        }
        var end = switch (script.steps().getLast()) {
            case WireStep.Close _ -> CloseReason.FIN;
            case WireStep.Reset _ -> CloseReason.RST;
            case WireStep _ -> CloseReason.OPEN;
        };
        var response = ResponseReader.read(request.method(), script.sent().toArray(), end);
        return response.complete() ? Optional.of(response.body()) : Optional.empty();
    }

    /** The app's actions, step by step; control characters are visible. */
    public List<String> stepsInWords() {
        return switch (source) {
            case Source.App(var path) -> List.of("the app itself serves " + path);
            case Source.Nobody _ -> List.of("nobody listens: the connection is refused");
            case WireScript script ->
                script.steps().stream().map(WireStep::inWords).toList();
        };
    }

    /** The reaction of this version of Envoy, for example {@code 1.36.2}. */
    public Expectation expectation(String version) {
        var envoy = EnvoyVersion.parse(version);
        return older.stream()
                .filter(each -> envoy.compareTo(EnvoyVersion.parse(each.version())) < 0)
                .findFirst()
                .map(Older::expectation)
                .orElse(expectation);
    }
}
