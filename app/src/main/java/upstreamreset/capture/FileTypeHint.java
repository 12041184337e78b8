// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Identifies a file that is not a capture by its first bytes. */
final class FileTypeHint {
    private record Kind(String magic, String sentence) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("\u001f\u008b", "gzip'd twice; run gunzip first"),
            new Kind("PK\003\004", "a zip archive; unpack it first"),
            new Kind("(\u00b5/\u00fd", "compressed with zstd; run zstd -d first"),
            new Kind("\u00fd7zXZ", "compressed with xz; run xz -d first"),
            new Kind("BZh", "compressed with bzip2; run bunzip2 first"),
            new Kind("\u0004\"M\u0018", "compressed with lz4; run lz4 -d first"),
            new Kind("snoop\0\0\0", "a snoop capture of Solaris; convert it with editcap -F pcapng"),
            new Kind(
                    "\u00d4\u00c3\u00b2\u00a2",
                    "a capture of a variant that only editcap reads; convert it with editcap -F pcapng"),
            new Kind(
                    "4\u00cd\u00b2\u00a1",
                    "a modified pcap of an old libpcap patch; convert it with editcap -F pcapng"),
            new Kind("RTSS", "a capture of Windows Network Monitor; convert it with editcap -F pcapng"),
            new Kind("GMBU", "a capture of Windows Network Monitor; convert it with editcap -F pcapng"),
            new Kind("\u007fELF", "a program"),
            new Kind("{", "JSON; a HAR file does not contain the raw bytes"),
            new Kind("<", "XML or HTML"));

    /** The position of the magic in a tar archive's first header (POSIX.1-1988). */
    private static final int TAR_MAGIC = 257;

    private FileTypeHint() {}

    static String kind(byte[] bytes, int at, int length) {
        if (length > TAR_MAGIC + 5
                && new String(bytes, at + TAR_MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
            return "it is a tar archive, as kubectl cp makes; unpack it first";
        }
        var start = new String(bytes, at, Math.min(length, 16), StandardCharsets.ISO_8859_1);
        return KINDS.stream()
                .filter(kind -> start.startsWith(kind.magic()))
                .map(kind -> "it is " + kind.sentence())
                .findFirst()
                .orElse(
                        start.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t')
                                ? "it is text; save packets with tcpdump -w FILE"
                                : "it is neither pcap nor pcapng");
    }
}
