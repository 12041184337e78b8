// SPDX-License-Identifier: Apache-2.0
package upstreamreset.pod;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import upstreamreset.kubernetes.ApiException;
import upstreamreset.kubernetes.KubeApi;

/**
 * A tcpdump in a Pod's {@link CaptureContainer}. Its limits are enforced in the Pod. It ends with its stdin: on
 * request, or when its reader is gone.
 */
public final class Tcpdump implements AutoCloseable {
    /**
     * $1 is the seconds, $2 the bytes, the rest are tcpdump's words. One helper waits for stdin, one counts. Both have no stdout, for the
     * kubelet waits until it is closed. Once tcpdump has written more than its bytes, a second later at most, it is over, also when we
     * have not heard of it. The shell may be dash, ash or bash.
     */
    private static final String COMMAND = """
            (: >%s)
            exec 3<&0 </dev/null
            seconds=$1 bytes=$2
            shift 2
            tcpdump "$@" 3<&- &
            dump=$!
            { read -r _; kill $dump; } <&3 >/dev/null 2>&1 &
            told=$!
            { i=0 n=0
              while [ $i -lt $seconds ] && [ $n -le $bytes ]; do
                sleep 1
                i=$((i+1))
                while read -r key value; do [ "$key" != wchar: ] || n=$value; done </proc/$dump/io
              done
              kill $dump
            } 3<&- >/dev/null 2>&1 &
            over=$!
            exec 3<&-
            wait $dump
            code=$?
            kill $told $over 2>/dev/null
            : >%s
            exit $code
            """.formatted(CaptureContainer.BEGUN, CaptureContainer.DONE);

    private static final int MAX_STOP_SECONDS = 5;
    /** The exit code of what SIGKILL ended. */
    private static final int BY_SIGKILL = 137;

    private static final Pattern DROPPED = Pattern.compile("(\\d{1,18}) packets? dropped by kernel");
    private static final Pattern TOLD = Pattern.compile(
            "tcpdump: (?:listening on|data link type|verbose output).*|\\d+ packets? .*|dropped privs.*");

    private final Exec exec;
    private final PacketLimit packets;
    private final CaptureLimits limits;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean stopped;

    private Tcpdump(Exec exec, CaptureLimits limits) {
        this.exec = exec;
        this.limits = limits;
        this.packets = new PacketLimit(exec, limits.bytes());
    }

    /** Starts it on a network interface of the Pod; {@code filter} is an expression of pcap-filter(7). */
    public static Tcpdump start(
            KubeApi api, Pod pod, CaptureContainer container, String onInterface, String filter, CaptureLimits limits)
            throws ApiException, InterruptedException {
        return new Tcpdump(Exec.start(api, pod, container.name(), command(onInterface, filter, limits)), limits);
    }

    /** The command in the container. */
    static List<String> command(String onInterface, String filter, CaptureLimits limits) {
        var command = new ArrayList<>(List.of(
                "sh",
                "-c",
                COMMAND,
                "upstream-reset",
                Long.toString(limits.seconds()),
                Long.toString(limits.bytes()),
                "-i",
                onInterface,
                "-p",
                "-n",
                "-U",
                "-s",
                Integer.toString(limits.snaplen()),
                "-c",
                Long.toString(limits.packets()),
                "-w",
                "-"));
        if (!filter.isEmpty()) {
            command.add(filter);
        }
        return command;
    }

    /**
     * Waits until it captures: from then on it ends cleanly on request. False if it ended before; {@link #ending} says
     * how.
     */
    public boolean begin() throws IOException {
        boolean begun = packets.begin();
        if (!begun) {
            exec.drain(TimeUnit.SECONDS.toNanos(MAX_STOP_SECONDS));
            over.countDown();
        }
        return begun;
    }

    /** The capture, while it is made; its end is the capture's. One thread reads. */
    public InputStream packets() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return atEnd(packets.read());
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return atEnd(packets.read(bytes, offset, length));
            }

            @Override
            public int available() throws IOException {
                return packets.available();
            }
        };
    }

    private int atEnd(int read) throws IOException {
        if (read < 0) {
            if (packets.full()) {
                exec.tell("");
                exec.drain(TimeUnit.SECONDS.toNanos(MAX_STOP_SECONDS));
            }
            over.countDown();
        }
        return read;
    }

    /** Ends it in the Pod: the packets captured so far still come. Any thread may call this. */
    public void stop() {
        stopped = true;
        exec.tell("");
        try {
            if (!over.await(MAX_STOP_SECONDS, TimeUnit.SECONDS)) {
                exec.close();
            }
        } catch (InterruptedException e) {
            exec.close();
            Thread.currentThread().interrupt();
        }
    }

    public long count() {
        return packets.packets();
    }

    /** How the capture came to its end. */
    public enum Ending {
        TIME("its time is over"),
        BYTES("--max-bytes is reached"),
        PACKETS("--max-packets is reached"),
        STOPPED("it was stopped"),
        FAILED("tcpdump failed"),
        KILLED("its container was ended from outside: the Pod is being deleted, or used too much memory"),
        CUT("the connection to the Pod was cut");

        private final String text;

        Ending(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /** Whether it ended before it should. */
        public boolean early() {
            return this == FAILED || this == KILLED || this == CUT;
        }
    }

    /** To be asked when all has been read. */
    public Ending ending() {
        if (packets.full()) {
            return Ending.BYTES;
        }
        if (stopped) {
            return Ending.STOPPED;
        }
        if (exec.exitCode().isEmpty()) {
            return Ending.CUT;
        }
        int code = exec.exitCode().getAsInt();
        if (code != 0) {
            return code == BY_SIGKILL ? Ending.KILLED : Ending.FAILED;
        }
        return count() >= limits.packets() ? Ending.PACKETS : Ending.TIME;
    }

    /** The failure message of tcpdump, its shell or the kubelet; may be empty. */
    public String reason() {
        @Nullable String last = exec.cut().orElse(null);
        for (var line : exec.errors()) {
            last = TOLD.matcher(line).matches() ? last : line;
        }
        return last == null ? "" : last;
    }

    /** How many packets the kernel dropped before tcpdump saw them, as it said at its end. */
    public long dropped() {
        for (var line : exec.errors()) {
            var dropped = DROPPED.matcher(line);
            if (dropped.matches()) {
                return Long.parseLong(dropped.group(1));
            }
        }
        return 0;
    }

    @Override
    public void close() {
        exec.close();
    }
}
