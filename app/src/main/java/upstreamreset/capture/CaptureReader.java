// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import upstreamreset.tcp.StreamAssembler;

/**
 * Reads a capture from front to back: pcap or pcapng, gzipped or not. Damaged bytes are part of the result; only a file
 * that is not a capture at all is an exception. Interrupting the thread ends the capture at that point.
 *
 * @param name the capture's name in messages
 * @param progress gets the number of bytes read, from time to time (of a gzipped capture: unpacked bytes)
 * @param beforeWaiting is run before it waits for what has not been captured yet
 */
public record CaptureReader(String name, LongConsumer progress, Runnable beforeWaiting) {
    /** tcpdump's own bound is 262,144; a loopback packet with offloading has at most 65,575 bytes. */
    static final int MAX_PACKET = 1 << 20;

    private static final int GZIP = 0x1F8B;
    private static final Optional<String> INTERRUPTED =
            Optional.of("interrupted: only the part read until then counts");

    /** For a capture whose progress nobody watches. */
    public CaptureReader(String name) {
        this(name, _ -> {}, () -> {});
    }

    /** Reads {@code file} and ends {@code assembler}. */
    public CaptureSummary read(Path file, StreamAssembler assembler) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CaptureException("cannot read " + name + ": it is a folder; name a capture file");
        }
        if (Files.notExists(file)) {
            throw new CaptureException("cannot read " + name + ": there is no such file");
        }
        if (!Files.isReadable(file)) {
            throw new CaptureException("cannot read " + name + ": permission denied");
        }
        // Reads a megabyte three times as fast as the stream of Files.newInputStream.
        try (var in = new FileInputStream(file.toFile())) {
            return readAll(in, assembler, INTERRUPTED);
        } catch (CaptureException e) {
            throw e;
        } catch (IOException e) {
            throw new CaptureException("cannot read " + name + ": " + CaptureWriter.reason(e), e);
        }
    }

    /** The same for a stream, which stays open and may still be growing. */
    public CaptureSummary read(InputStream stream, StreamAssembler assembler) throws IOException {
        try (var live = new LiveInput(stream, assembler, beforeWaiting)) {
            return readAll(live, assembler, Optional.empty());
        }
    }

    /** {@code interrupted} is the reason if an interrupt leaves it unread; an interrupt ends a live capture cleanly. */
    private CaptureSummary readAll(InputStream stream, StreamAssembler assembler, Optional<String> interrupted)
            throws IOException {
        var decoder = new PacketDecoder(assembler);
        try {
            var in = new CaptureInput(stream, progress);
            return in.has(2) && ByteOrderReader.be16(in.window(), in.at()) == GZIP
                    ? unzipped(in, stream, decoder, interrupted)
                    : capture(in, decoder, interrupted);
        } finally {
            assembler.end();
        }
    }

    private CaptureSummary unzipped(
            CaptureInput read, InputStream rest, PacketDecoder decoder, Optional<String> interrupted)
            throws IOException {
        var start = new ByteArrayInputStream(read.window(), read.at(), read.available());
        try {
            var unzipped = new GZIPInputStream(new SequenceInputStream(start, rest), 1 << 16);
            return capture(new CaptureInput(unzipped, progress), decoder, interrupted);
        } catch (ZipException | EOFException e) {
            return Thread.interrupted()
                    ? decoder.summary(interrupted)
                    : decoder.summary(Optional.of(
                            "the gzip stream is truncated or damaged; everything before that point was read"));
        }
    }

    private CaptureSummary capture(CaptureInput in, PacketDecoder decoder, Optional<String> interrupted)
            throws IOException {
        if (!in.has(4)) {
            if (in.interrupted()) {
                return decoder.summary(interrupted);
            }
            throw new CaptureException("cannot read " + name + ": "
                    + (in.available() == 0 ? "it is empty" : "it has no more than " + in.available() + " bytes"));
        }
        var stopped = one(in, decoder);
        while (stopped.isEmpty() && in.has(4)) {
            decoder.nextCapture();
            stopped = one(in, decoder);
        }
        return decoder.summary(in.interrupted() ? interrupted : stopped);
    }

    /** One capture; another may have been appended to it. */
    private Optional<String> one(CaptureInput in, PacketDecoder decoder) throws IOException {
        int magic = ByteOrderReader.be32(in.window(), in.at());
        if (magic == PcapngFile.SECTION_HEADER) {
            return new PcapngFile(in, decoder).read();
        }
        if (PcapFile.isMagic(magic) || PcapFile.isMagic(Integer.reverseBytes(magic))) {
            return new PcapFile(in, decoder).read();
        }
        throw new CaptureException(
                "cannot read " + name + ": " + FileTypeHint.kind(in.window(), in.at(), in.available()));
    }
}
