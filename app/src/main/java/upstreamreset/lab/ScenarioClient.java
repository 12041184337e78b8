// SPDX-License-Identifier: Apache-2.0
package upstreamreset.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import upstreamreset.http1.CloseReason;
import upstreamreset.http1.FramingReport;
import upstreamreset.http1.RawExchange;
import upstreamreset.http1.RequestContext;
import upstreamreset.http1.ResponseReader;
import upstreamreset.http1.Transport;
import upstreamreset.scenario.Request;
import upstreamreset.wire.Bytes;

/**
 * Makes a scenario's request on one connection, as often as the scenario says, and keeps the last response. It owns the
 * connection from the start and closes it; it sends from a virtual thread.
 */
public final class ScenarioClient implements AutoCloseable {
    private static final int MAX_BODY = 1 << 20;

    private final Transport transport;
    private final Request request;
    private final byte[] bytes;
    private final Supplier<RawExchange.Receiver> receivers;
    private final long start = System.nanoTime();
    private final Thread thread;
    private RawExchange.Response last;
    private long ended;

    /**
     * Begins to ask.
     *
     * @param bytes the request as it goes on the wire
     * @param receivers one for each time that it is made
     */
    public ScenarioClient(
            Transport transport, Request request, byte[] bytes, Supplier<RawExchange.Receiver> receivers) {
        this.transport = transport;
        this.request = request;
        this.bytes = bytes;
        this.receivers = receivers;
        last = new RawExchange.Response(
                ResponseReader.read(request.method(), new byte[0], CloseReason.OPEN), Bytes.EMPTY, 0);
        thread = Thread.ofVirtual().name("client").start(this::run);
    }

    /** The client's result when it is done, or after {@code patience}: then it closes the connection. */
    public Result result(Duration patience) throws IOException, InterruptedException {
        boolean inTime = thread.join(patience);
        transport.close();
        thread.join();
        return new Result(last.response(), last.received(), Duration.ofNanos(ended - start), !inTime);
    }

    private void run() {
        try (transport) {
            for (int i = 0; i < request.times(); i++) {
                if (i > 0) {
                    Thread.sleep(request.gap());
                }
                var exchange = RawExchange.send(transport, bytes, RequestContext.of(request.method()), MAX_BODY);
                last = exchange.receive(receivers.get(), Integer.MAX_VALUE);
                exchange.awaitSent();
            }
        } catch (IOException e) {
            // closing is all that was left to do
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended = System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    /**
     * What the client got.
     *
     * @param bytes the last response as received
     * @param took until its last byte, or the end of the client's patience
     * @param timedOut whether the connection was closed before the client was done
     */
    public record Result(FramingReport response, Bytes bytes, Duration took, boolean timedOut) {}
}
