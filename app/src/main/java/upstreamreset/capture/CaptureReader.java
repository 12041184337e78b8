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
 * Reads a capture from front to back: pcap or pcapng, gzip'd or not. What is wrong with its bytes is an answer; only a
 * file that is no capture at all is an exception.
 *
 * @param name what messages call the capture
 * @param progress is told, now and then, how many bytes of the capture have been read (of a gzip'd one: unpacked)
 * @param beforeWaiting is run before it waits for what has not been captured yet
 */
public record CaptureReader(String name, LongConsumer progress, Runnable beforeWaiting) {
    /** tcpdump's own bound is 262,144; a loopback packet with offloading has at most 65,575 bytes. */
    static final int MAX_PACKET = 1 << 20;

    private static final int GZIP = 0x1F8B;

    /** For one that nobody watches being read. */
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
            return read(in, assembler);
        } catch (CaptureException e) {
            throw e;
        } catch (IOException e) {
            throw new CaptureException("cannot read " + name + ": " + CaptureWriter.reason(e), e);
        }
    }

    /** The same for a stream, which stays open. */
    public CaptureSummary read(InputStream stream, StreamAssembler assembler) throws IOException {
        var in = new CaptureInput(stream, progress, beforeWaiting);
        var decoder = new PacketDecoder(assembler);
        try {
            return in.has(2) && ByteOrderReader.be16(in.window(), in.at()) == GZIP
                    ? unzipped(in, stream, decoder)
                    : capture(in, decoder);
        } finally {
            assembler.end();
        }
    }

    private CaptureSummary unzipped(CaptureInput read, InputStream rest, PacketDecoder decoder) throws IOException {
        var start = new ByteArrayInputStream(read.window(), read.at(), read.available());
        try {
            var unzipped = new GZIPInputStream(new SequenceInputStream(start, rest), 1 << 16);
            return capture(new CaptureInput(unzipped, progress, beforeWaiting), decoder);
        } catch (ZipException | EOFException e) {
            return decoder.summary(Optional.of("the gzip stream is cut or damaged: what could be unpacked was read"));
        }
    }

    private CaptureSummary capture(CaptureInput in, PacketDecoder decoder) throws IOException {
        if (!in.has(4)) {
            throw new CaptureException("cannot read " + name + ": "
                    + (in.available() == 0 ? "it is empty" : "it has no more than " + in.available() + " bytes"));
        }
        var stopped = one(in, decoder);
        while (stopped.isEmpty() && in.has(4)) {
            decoder.nextCapture();
            stopped = one(in, decoder);
        }
        return decoder.summary(stopped);
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
