// SPDX-License-Identifier: Apache-2.0
package upstreamreset.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.RequestContext;
import upstreamreset.wire.Bytes;

/** Generates trials from a seed: responses composed of valid and invalid parts, then mutated and split into segments. */
final class Generator {
    private static final RequestContext GET = RequestContext.of("GET");
    private static final RequestContext WEBSOCKET = new RequestContext("GET", true);
    private static final List<RequestContext> REQUESTS = List.of(
            GET,
            GET,
            GET,
            GET,
            GET,
            GET,
            GET,
            RequestContext.of("HEAD"),
            RequestContext.of("HEAD"),
            RequestContext.of("POST"),
            RequestContext.of("CONNECT"),
            WEBSOCKET);

    private static final int CHAIN = 4;

    /** Of the eight ways to frame a body, the one without a framing field. */
    private static final int UNFRAMED = 7;

    private final Random random;
    private final List<String> corpus;
    private final Mutator mutator;

    /** {@code corpus}: whole responses to mutate besides the generated ones. */
    Generator(long seed, List<String> corpus) {
        this.random = new Random(seed);
        this.corpus = List.copyOf(corpus);
        this.mutator = new Mutator(random);
    }

    List<Trial> trials(int count) {
        return IntStream.range(0, count).mapToObj(_ -> trial()).toList();
    }

    private Trial trial() {
        var request = REQUESTS.get(random.nextInt(REQUESTS.size()));
        var whole = !corpus.isEmpty() && random.nextInt(4) == 0 ? pick(corpus) : response(request);
        int mutations = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < mutations; i++) {
            whole = mutator.mutate(whole);
        }
        return new Trial(request, segments(whole), closeReason());
    }

    private CloseReason closeReason() {
        int roll = random.nextInt(20);
        if (roll < 11) {
            return CloseReason.FIN;
        }
        return roll < 17 ? CloseReason.OPEN : CloseReason.RST;
    }

    private List<Bytes> segments(String whole) {
        int cuts = random.nextInt(3) == 0 && !whole.isEmpty() ? 1 + random.nextInt(3) : 0;
        var segments = new ArrayList<Bytes>();
        int from = 0;
        int upTo = random.nextBoolean() ? Math.min(whole.length(), Mutator.HEAD) : whole.length();
        var at = random.ints(cuts, 0, upTo + 1).sorted().toArray();
        for (int cut : at) {
            if (cut > from) {
                segments.add(Bytes.latin1(whole.substring(from, cut)));
                from = cut;
            }
        }
        if (from < whole.length()) {
            segments.add(Bytes.latin1(whole.substring(from)));
        }
        return segments;
    }

    private String response(RequestContext request) {
        var out = new StringBuilder();
        for (int i = random.nextInt(12) == 0 ? 1 + random.nextInt(CHAIN) : 0; i > 0; i--) {
            out.append(pick(Parts.INTERIM));
        }
        boolean switches = random.nextInt(request.upgrade() ? 2 : 40) == 0;
        if (switches) {
            out.append(pick(Parts.SWITCHES));
        } else {
            out.append(often(Parts.GOOD_STATUS, Parts.BAD_STATUS)).append(lineEnd());
        }
        int fields = random.nextInt(4);
        for (int i = 0; i < fields; i++) {
            out.append(often(Parts.GOOD_FIELDS, Parts.BAD_FIELDS)).append(lineEnd());
        }
        if (random.nextInt(40) == 0) {
            out.append(many());
        }
        String body = pick(Parts.BODIES);
        int framing = switches && random.nextInt(3) > 0 ? UNFRAMED : random.nextInt(UNFRAMED + 1);
        switch (framing) {
            case 0, 1, 2 ->
                out.append("Content-Length: ")
                        .append(body.length())
                        .append("\r\n\r\n")
                        .append(body);
            case 3, 4, 5 -> out.append("Transfer-Encoding: chunked\r\n\r\n").append(chunked(body));
            case 6 ->
                out.append(pick(Parts.FRAMINGS)).append("\r\n").append(random.nextBoolean() ? body : chunked(body));
            default -> out.append("\r\n").append(body);
        }
        if (random.nextInt(25) == 0) {
            out.append(pick(Parts.AFTER));
        }
        return out.toString();
    }

    /** Fields near Envoy's limits, below and above: in number, or in size. */
    private String many() {
        if (random.nextBoolean()) {
            int count = 95 + random.nextInt(10);
            var name = pick(List.of(
                    "X-%d: y\r\n", "Set-Cookie: c%d=1\r\n", "Via: 1.1 v%d\r\n", "Vary: v%d\r\n", "X-Same: %d\r\n"));
            var lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append(name.formatted(i));
            }
            return lines.toString();
        }
        int size = 80 * 1024 - 200 + random.nextInt(400);
        return "X-Large: " + "a".repeat(size) + "\r\n";
    }

    private String chunked(String body) {
        var out = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int size = Math.min(body.length() - at, 1 + random.nextInt(Math.max(1, body.length())));
            var line = random.nextInt(12) == 0 ? pick(Parts.CHUNK_LINES) : "%x\r\n";
            out.append(line.formatted(size)).append(body, at, at + size);
            out.append(random.nextInt(40) == 0 ? pick(Parts.CHUNK_ENDS) : "\r\n");
            at += size;
        }
        return out.append(random.nextInt(6) == 0 ? pick(Parts.LAST_CHUNKS) : "0\r\n\r\n")
                .toString();
    }

    private String lineEnd() {
        return random.nextInt(40) == 0 ? pick(List.of("\n", "\r", "\r\r\n", "\n\r", " \r\n", "\t\n")) : "\r\n";
    }

    private String often(List<String> good, List<String> bad) {
        return pick(random.nextInt(6) == 0 ? bad : good);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
