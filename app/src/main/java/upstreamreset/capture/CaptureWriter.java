// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import upstreamreset.output.ResultFile;
import upstreamreset.tcp.StreamEvent;
import upstreamreset.tcp.StreamEvent.Opened;

/** Writes connections as a pcapng file for Wireshark, atomically as {@code ResultFile} does. */
public final class CaptureWriter {
    private static final String TOOL = "upstream-reset";
    private static final String COMMENT = "Written by " + TOOL + " from what passed on the connection. The bytes, their"
            + " times and who closed or reset are as seen; handshake, segments and ACKs are made to fit.";

    private CaptureWriter() {}

    /** Fails now, before any work is done, if {@code file} could not be written later. */
    public static void check(Path file) throws CaptureException {
        if (Files.isDirectory(file)) {
            throw new CaptureException("cannot write the capture " + file
                    + ": it is a folder; name a file in it, such as " + file.resolve("wrong.pcapng"));
        }
        var folder = folder(file);
        if (!Files.isDirectory(folder)) {
            throw new CaptureException("cannot write the capture " + file + ": there is no folder " + folder
                    + "; create it or name another file");
        }
        try {
            if (Files.exists(file)) {
                ResultFile.check("the capture", file);
            } else {
                Files.delete(Files.createTempFile(folder, "." + TOOL + "-", ".partial"));
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Writes {@code events}, in their order, to {@code file}; a file that was there is replaced. */
    public static void write(Path file, List<StreamEvent> events) throws CaptureException {
        check(file);
        try {
            ResultFile.write(file, out -> write(out, events));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Writes {@code events}, in their order; {@code out} stays open. */
    public static void write(OutputStream out, List<StreamEvent> events) throws IOException {
        var blocks = new PcapngBlocks(out);
        blocks.section(TOOL, COMMENT);
        blocks.rawInterface("tap", TOOL + "'s tap");
        var streams = new HashMap<Integer, PacketStream>();
        for (var event : events) {
            var stream = streams.get(event.stream());
            if (stream != null) {
                stream.add(event);
            } else if (event instanceof Opened opened) {
                streams.put(event.stream(), new PacketStream(blocks, opened));
            } else {
                throw new IllegalArgumentException("stream " + event.stream() + " was not opened before " + event);
            }
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    private static CaptureException unwritable(Path file, IOException cause) {
        return new CaptureException(
                "cannot write the capture %s: %s; name a file in a folder where you may write"
                        .formatted(file, reason(cause)),
                cause);
    }

    static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
