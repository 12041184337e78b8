// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import upstreamreset.capture.CaptureReader;
import upstreamreset.capture.PacketNest;
import upstreamreset.http1.Rule;
import upstreamreset.inspect.Conversation.Exchange;
import upstreamreset.inspect.PacketTalk.Packet;
import upstreamreset.tcp.StreamAssembler;
import upstreamreset.tcp.TcpSegment;
import upstreamreset.verdict.Finding;

/**
 * Known conversations, captured badly in every way: nothing that is missing is a finding, every response whose bytes are all there
 * is told once, and none with another's request. {@code -Dsweep.cases=10000} says how many of each kind, {@code -Dsweep.seed} which.
 */
class LossSweepTest {
    private static final int CASES = Integer.getInteger("sweep.cases", 400);
    private static final long SEED = Long.getLong("sweep.seed", 17);

    /** What happens to a capture. */
    enum Harm {
        NONE(true),
        ONE_LOST(true),
        SEVERAL_LOST(false),
        CUT(true),
        MIXED_UP(true),
        TWICE(true),
        SENT_AGAIN_LATE(true),
        BEGUN_IN_THE_MIDDLE(true),
        SERVER_ALONE(false),
        CLIENT_ALONE(false),
        MIXED_UP_AND_LOST(false),
        WRAPPED(true),
        WRAPPED_AND_LOST(true),
        WRAPPED_EACH_WAY(true),
        SEEN_INSIDE_AND_OUTSIDE(true),
        SYN_AGAIN(true),
        END_BEFORE_THE_ANSWER(true),
        PORT_REUSED(true),
        REQUEST_SENT_AGAIN_OTHERWISE(true);

        /** Whether the rest must be paired: more than one loss may hide which request a response answers. */
        private final boolean onePlace;

        Harm(boolean onePlace) {
            this.onePlace = onePlace;
        }
    }

    /** The harm and the seed of what is being checked. */
    private static String inCase = "";

    /** {@code snap} is how many bytes of each packet there are. */
    record Captured(List<Packet> packets, int snap, List<PacketNest> ofClient, List<PacketNest> ofServer) {
        private static final int HEADERS = 40;

        Captured(List<Packet> packets, int snap) {
            this(packets, snap, List.of(), List.of());
        }

        Captured(List<Packet> packets, PacketNest wrapping) {
            this(packets, Integer.MAX_VALUE, List.of(wrapping), List.of(wrapping));
        }

        boolean whole(boolean byClient, int from, int to) {
            var there = new boolean[to - from];
            for (var packet : packets) {
                for (int i = 0;
                        packet.fromClient() == byClient
                                && i < Math.min(packet.data().length(), snap - HEADERS);
                        i++) {
                    int at = packet.at() + i - from;
                    if (at >= 0 && at < there.length) {
                        there[at] = true;
                    }
                }
            }
            for (boolean each : there) {
                if (!each) {
                    return false;
                }
            }
            return true;
        }

        /** Whether a response begins a segment: behind missing bytes nobody can know of another that it is one. */
        boolean findable(Exchange exchange) {
            return packets.stream()
                    .anyMatch(each -> !each.fromClient() && !each.data().isEmpty() && each.at() == exchange.answer());
        }

        /** The responses that are found in it. */
        List<InspectedResponse> inspected() throws IOException {
            var found = new ArrayList<InspectedResponse>();
            var inspection = new Inspection("1.40.0", true, found::add);
            new CaptureReader("test").read(new ByteArrayInputStream(file()), new StreamAssembler(inspection));
            return found;
        }

        byte[] file() {
            var out = new ByteArrayOutputStream();
            var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
            out.writeBytes(header.putInt(0xA1B2C3D4)
                    .putInt(0x40002)
                    .putLong(0)
                    .putInt(262_144)
                    .putInt(ofClient.isEmpty() ? 101 : ofClient.getFirst().linkType())
                    .array());
            for (var packet : packets) {
                var nests = packet.fromClient() ? ofClient : ofServer;
                if (nests.isEmpty()) {
                    out.writeBytes(recorded(packet.micros(), packet.bytes()));
                }
                nests.forEach(nest -> out.writeBytes(recorded(packet.micros(), nest.wrapped(packet.bytes()))));
            }
            return out.toByteArray();
        }

        private byte[] recorded(long micros, byte[] bytes) {
            int kept = Math.min(snap, bytes.length);
            return ByteBuffer.allocate(16 + kept)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) (micros / 1_000_000))
                    .putInt((int) (micros % 1_000_000))
                    .putInt(kept)
                    .putInt(bytes.length)
                    .put(bytes, 0, kept)
                    .array();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMissingIsNoFindingAndWhatIsThereIsTold(Harm harm) throws IOException {
        var wrong = new TreeMap<String, Integer>();
        for (int round = 0; round < CASES; round++) {
            long seed = SEED * 1_000_003 + round;
            inCase = harm + " " + seed;
            check(harm, seed).forEach((what, count) -> wrong.merge(what, count, Integer::sum));
        }
        assertThat(wrong).as("%s, %d conversations", harm, CASES).isEmpty();
    }

    private static Map<String, Integer> check(Harm harm, long seed) throws IOException {
        var random = random(seed);
        boolean pipelined = random.nextInt(4) == 0;
        var conversation = new Conversation(random, pipelined, random.nextInt(3) == 0);
        var captured = harmed(harm, conversation.packets, random);
        var found = captured.inspected();
        if (harm == Harm.PORT_REUSED) {
            // Those of the connection before have the same numbers.
            found.removeIf(each -> each.stream() == 0 && !each.remarkable());
        }
        var wrong = new TreeMap<String, Integer>();
        for (var exchange : conversation.exchanges) {
            judge(harm, exchange, captured, conversation.pipelined, found, wrong);
        }
        for (var each : found) {
            var number = number(each);
            boolean known = number >= 0 && conversation.exchanges.get(number).wrong();
            if (each.remarkable() && !known) {
                var what = each.judged().findings().stream()
                        .map(Finding::rule)
                        .map(Rule::id)
                        .toList();
                add(wrong, "false finding " + what + " " + each.judged().envoy().outcome());
            }
        }
        return wrong;
    }

    /** Seeds that are near to each other make much the same beginnings, if they are not mixed. */
    static Random random(long seed) {
        return new Random(new java.util.SplittableRandom(seed).nextLong());
    }

    private static void add(Map<String, Integer> wrong, String what) {
        if (Boolean.getBoolean("sweep.seeds")) {
            System.out.println(what + " seed " + inCase);
        }
        wrong.merge(what, 1, Integer::sum);
    }

    private static void judge(
            Harm harm,
            Exchange exchange,
            Captured captured,
            boolean pipelined,
            List<InspectedResponse> found,
            Map<String, Integer> wrong) {
        boolean whole = captured.whole(false, exchange.answer(), exchange.answerEnd());
        boolean asked = captured.whole(true, exchange.ask(), exchange.askEnd());
        var kind = (pipelined ? "pipelined " : "") + (exchange.wrong() ? "wrong" : "right");
        var told = found.stream()
                .filter(each -> exchange.target().equals("/" + number(each)))
                .toList();
        if (whole && told.size() != 1 && (told.size() > 1 || captured.findable(exchange))) {
            add(wrong, kind + " told " + told.size() + " times");
        }
        for (var each : told) {
            var target = each.judged().request().target();
            if (!target.equals("?") && !target.equals(exchange.target())) {
                add(wrong, kind + " with another's request");
            }
            if (target.equals("?") && whole && asked && !pipelined && harm.onePlace) {
                add(wrong, kind + " without its request");
            }
            if (whole
                    && exchange.wrong()
                    && !each.judged().findings().stream()
                            .map(Finding::rule)
                            .toList()
                            .contains(Rule.DUPLICATE_TRANSFER_ENCODING)) {
                add(wrong, kind + " without its finding");
            }
        }
    }

    private static int number(InspectedResponse response) {
        var fields = response.wire().fields("x-n");
        return fields.isEmpty()
                ? -1
                : Integer.parseInt(fields.getFirst().value().strip());
    }

    static Captured harmed(Harm harm, List<Packet> all, Random random) {
        var packets = new ArrayList<>(all);
        int snap = Integer.MAX_VALUE;
        switch (harm) {
            case NONE -> {}
            case ONE_LOST -> packets.remove(random.nextInt(packets.size()));
            case SEVERAL_LOST -> lose(packets, random);
            case CUT -> snap = 54 + random.nextInt(500);
            case MIXED_UP -> mixUp(packets, random);
            case MIXED_UP_AND_LOST -> {
                lose(packets, random);
                mixUp(packets, random);
            }
            case TWICE -> {
                for (int i = packets.size() - 1; i >= 0; i--) {
                    if (random.nextInt(4) == 0) {
                        packets.add(i, packets.get(i));
                    }
                }
            }
            case SENT_AGAIN_LATE -> {
                for (int i = 1 + random.nextInt(5); i > 0; i--) {
                    int at = 1 + random.nextInt(packets.size() - 1);
                    int later = at + 1 + random.nextInt(packets.size() - at);
                    packets.add(
                            later, packets.get(at).late(packets.get(later - 1).micros()));
                }
            }
            case BEGUN_IN_THE_MIDDLE ->
                packets.subList(0, 1 + random.nextInt(packets.size() - 1)).clear();
            case SERVER_ALONE -> packets.removeIf(Packet::fromClient);
            case CLIENT_ALONE -> packets.removeIf(packet -> !packet.fromClient());
            case WRAPPED -> {
                return new Captured(packets, PacketNest.random(random));
            }
            case WRAPPED_AND_LOST -> {
                packets.remove(random.nextInt(packets.size()));
                return new Captured(packets, PacketNest.random(random));
            }
            case WRAPPED_EACH_WAY -> {
                var ofClient = PacketNest.random(random);
                var ofServer = PacketNest.random(random, ofClient.linkType());
                return new Captured(packets, snap, List.of(ofClient), List.of(ofServer));
            }
            case SEEN_INSIDE_AND_OUTSIDE -> {
                var both = new ArrayList<>(List.of(PacketNest.plain(), PacketNest.random(random, 1)));
                Collections.shuffle(both, random);
                return new Captured(packets, snap, both, both);
            }
            case SYN_AGAIN -> synAgain(packets, random);
            case END_BEFORE_THE_ANSWER -> endBeforeTheAnswer(packets, random);
            case PORT_REUSED -> portReused(packets, random);
            case REQUEST_SENT_AGAIN_OTHERWISE -> {
                for (int i = packets.size() - 1; i >= 0; i--) {
                    var packet = packets.get(i);
                    if (packet.fromClient() && packet.data().length() > 1 && random.nextInt(3) == 0) {
                        packets.add(
                                i + 1,
                                packet.with(packet.data().replace('/', '#').replace('G', 'P')));
                    }
                }
            }
        }
        return new Captured(packets, snap);
    }

    /** A server that believes in an older connection answers with its number, is reset, and the same SYN comes again. */
    private static void synAgain(List<Packet> packets, Random random) {
        var syn = packets.getFirst();
        int old = random.nextInt();
        packets.add(0, syn.late(100));
        packets.add(1, new Packet(false, TcpSegment.ACK, random.nextInt(), old, "", 0, 200));
        packets.add(2, new Packet(true, TcpSegment.RST, old, 0, "", 0, 300));
    }

    /** Somebody else ends the connection before the server answers the SYN, and the client does not heed it. */
    private static void endBeforeTheAnswer(List<Packet> packets, Random random) {
        var syn = packets.getFirst();
        int flags = random.nextBoolean() ? TcpSegment.RST : TcpSegment.FIN;
        for (int i = random.nextInt(2); i >= 0; i--) {
            packets.add(1, new Packet(false, flags | TcpSegment.ACK, 0, syn.sequence() + 1, "", 0, syn.micros() + 10));
        }
    }

    /** The same ends had another connection before, which was reset, or of which the end is not in the capture. */
    private static void portReused(List<Packet> packets, Random random) {
        var before = new Conversation(random, false, false)
                .packets.stream()
                        .takeWhile(packet -> (packet.flags() & (TcpSegment.FIN | TcpSegment.RST)) == 0)
                        .map(packet -> packet.late(packet.micros() / 1_000))
                        .toList();
        var all = new ArrayList<>(before);
        var last = before.getLast();
        if (random.nextBoolean()) {
            int next = last.sequence() + last.data().length();
            all.add(new Packet(last.fromClient(), TcpSegment.RST, next, 0, "", 0, last.micros() + 1));
        }
        packets.addAll(0, all);
    }

    private static void lose(List<Packet> packets, Random random) {
        for (int i = 2 + random.nextInt(5); i > 0 && packets.size() > 1; i--) {
            packets.remove(random.nextInt(packets.size()));
        }
    }

    private static void mixUp(List<Packet> packets, Random random) {
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            // Behind the SYN: Wireshark takes one that comes later for another connection's.
            int at = Math.min(packets.size() - 1, 1 + random.nextInt(packets.size()));
            int other = Math.min(packets.size() - 1, at + 1 + random.nextInt(4));
            Collections.swap(packets, at, other);
        }
        for (int i = 0; i < packets.size(); i++) {
            packets.set(i, packets.get(i).late(1_000_000 + 100L * i));
        }
    }
}
