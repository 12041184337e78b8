// SPDX-License-Identifier: Apache-2.0
package upstreamreset.tcp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import upstreamreset.capture.CaptureReader;

/** Writes down what a capture's connections carried, one line a connection; not which sides it lacks. */
public final class Transcript implements StreamListener.Factory {
    public final List<StringBuilder> streams = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<Long> times = new ArrayList<>();

    /** For example {@code 10.0.0.1:40000>10.0.0.2:8080 >abc <def gap<3 fin< rst>}. */
    public static List<String> of(byte[] file) throws IOException {
        var transcript = new Transcript();
        new CaptureReader("test").read(new ByteArrayInputStream(file), new StreamAssembler(transcript));
        return transcript.streams.stream().map(StringBuilder::toString).toList();
    }

    public static List<Long> times(byte[] file) throws IOException {
        var transcript = new Transcript();
        new CaptureReader("test").read(new ByteArrayInputStream(file), new StreamAssembler(transcript));
        return transcript.times;
    }

    @Override
    public StreamListener opened(int stream, long nanos, boolean fromItsStart, Endpoints endpoints) {
        var text = new StringBuilder(Endpoints.text(endpoints.client()) + ">" + Endpoints.text(endpoints.server()));
        streams.add(text);
        return new StreamListener() {
            @Override
            public void data(Direction direction, byte[] bytes, int offset, int length, Arrival arrival) {
                times.add(arrival.nanos());
                var data = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
                text.append(direction == Direction.TO_SERVER ? " >" : " <").append(data);
            }

            @Override
            public void gap(Direction direction, long length, Arrival arrival) {
                if (length > 0) {
                    text.append(direction == Direction.TO_SERVER ? " gap>" : " gap<")
                            .append(length);
                }
            }

            @Override
            public void fin(Direction direction, Arrival arrival) {
                text.append(direction == Direction.TO_SERVER ? " fin>" : " fin<");
            }

            @Override
            public void reset(Direction direction, Arrival arrival) {
                text.append(direction == Direction.TO_SERVER ? " rst>" : " rst<");
            }

            @Override
            public void end() {
                text.append(" end");
            }

            @Override
            public void givenUp() {
                text.append(" given-up");
            }
        };
    }
}
