// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import upstreamreset.http1.RequestHead;
import upstreamreset.tcp.Arrival;
import upstreamreset.tcp.Endpoints;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamListener;

/**
 * Judges every response of a capture, in HTTP/1 and in HTTP/2 without TLS, and counts everything else. Not thread-safe.
 */
public final class Inspection implements StreamListener.Factory {
    /** The names of the protocols that may carry HTTP unseen. */
    static final String TLS = "TLS";

    static final String HTTP2 = "HTTP/2";

    private final String envoyVersion;
    private final boolean all;
    private final Consumer<InspectedResponse> sink;
    private final RequestHead requestHead = new RequestHead();
    private final SpareBuffers buffers = new SpareBuffers();
    private long responses;
    private long remarkable;
    private long unanswered;
    private int other;
    private int http2InPart;
    private int inPart;
    private final TreeMap<String, Integer> protocols = new TreeMap<>();

    /**
     * The result of an inspection.
     *
     * @param responses how many were judged
     * @param remarkable how many of them there is something to say about
     * @param unanswered requests that had no answer yet when the capture ended
     * @param other connections of a protocol that nobody recognised, or that carried nothing
     * @param inPart connections of which bytes are missing that may have been HTTP: not those of another protocol
     * @param protocols the connections of each other protocol, by its name: {@code SMTP}; what runs inside of TLS is
     *     not judged
     * @param http2InPart connections of HTTP/2 of which frames, or what their field compression refers to, are not in
     *     the capture
     */
    public record Totals(
            long responses,
            long remarkable,
            long unanswered,
            int other,
            int inPart,
            SortedMap<String, Integer> protocols,
            int http2InPart) {
        public Totals {
            protocols = Collections.unmodifiableSortedMap(new TreeMap<>(protocols));
        }

        /** How many connections carried this protocol. */
        public int of(String protocol) {
            return protocols.getOrDefault(protocol, 0);
        }
    }

    /**
     * For one capture.
     *
     * @param envoyVersion the Envoy whose verdict is wanted
     * @param all whether {@code sink} gets every response, or only those that there is something to say about
     */
    public Inspection(String envoyVersion, boolean all, Consumer<InspectedResponse> sink) {
        this.envoyVersion = envoyVersion;
        this.all = all;
        this.sink = sink;
    }

    /** Judges what a tap saw; every response is answered. */
    public static List<InspectedResponse> of(List<StreamEvent> events, String envoyVersion) {
        var found = new ArrayList<InspectedResponse>();
        var inspection = new Inspection(envoyVersion, true, found::add);
        var streams = new LinkedHashMap<Integer, StreamListener>();
        for (var event : events) {
            long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, event.time());
            switch (event) {
                case StreamEvent.Opened(int stream, var _, var client, var server) ->
                    ended(streams.put(stream, inspection.opened(stream, nanos, true, Endpoints.of(client, server))));
                case StreamEvent.Data(int stream, var _, var direction, var bytes) ->
                    listener(streams, stream).data(direction, bytes.toArray(), 0, bytes.length(), Arrival.at(nanos));
                case StreamEvent.Gap(int stream, var _, var direction, long length) ->
                    listener(streams, stream).gap(direction, length, Arrival.at(nanos));
                case StreamEvent.Fin(int stream, var _, var direction) ->
                    listener(streams, stream).fin(direction, Arrival.at(nanos));
                case StreamEvent.Reset(int stream, var _, var direction) ->
                    listener(streams, stream).reset(direction, Arrival.at(nanos));
            }
        }
        streams.values().forEach(StreamListener::end);
        return List.copyOf(found);
    }

    /** The same ends and the same first sequence number may be used again. */
    private static void ended(@Nullable StreamListener before) {
        if (before != null) {
            before.end();
        }
    }

    private static StreamListener listener(Map<Integer, StreamListener> streams, int stream) {
        var listener = streams.get(stream);
        if (listener == null) {
            throw new IllegalArgumentException("stream " + stream + " was not opened");
        }
        return listener;
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        return new ConnectionInspector(this, stream, fromItsStart, endpoints);
    }

    /** The result so far. */
    public Totals totals() {
        return new Totals(responses, remarkable, unanswered, other, inPart, protocols, http2InPart);
    }

    /** That of the last request on any connection. */
    RequestHead requestHead() {
        return requestHead;
    }

    SpareBuffers buffers() {
        return buffers;
    }

    String envoyVersion() {
        return envoyVersion;
    }

    /** Whether a clean response may be counted and forgotten. */
    boolean cleanIsEnough() {
        return !all;
    }

    void clean() {
        responses++;
    }

    void judged(InspectedResponse response) {
        responses++;
        if (response.remarkable()) {
            remarkable++;
        }
        if (all || response.notable()) {
            sink.accept(response);
        }
    }

    /** A response that was reported before, with the bytes that came since. */
    void judgedAgain(InspectedResponse response) {
        if (response.remarkable()) {
            sink.accept(response);
        }
    }

    void unanswered(int requests) {
        unanswered += requests;
    }

    /** Bytes of a connection are missing that may have been HTTP. */
    void readInPart() {
        inPart++;
    }

    /** Of a connection of HTTP/2 not all could be followed. */
    void followedInPart() {
        http2InPart++;
    }

    /** A connection carried no HTTP, but this; empty if it is unknown. */
    void spoke(String protocol) {
        if (protocol.isEmpty()) {
            other++;
        } else {
            var known = protocols.get(protocol);
            protocols.put(protocol, known == null ? 1 : known + 1);
        }
    }
}
