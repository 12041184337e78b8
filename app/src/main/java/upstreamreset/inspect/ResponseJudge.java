// SPDX-License-Identifier: Apache-2.0
package upstreamreset.inspect;

import java.time.Duration;
import java.util.Optional;
import upstreamreset.http1.CloseReason;
import upstreamreset.tcp.Endpoints;
import upstreamreset.verdict.Finding;

/**
 * Decides which responses of one connection are reported, and how: a clean one is only counted; one that was reported
 * before is reported again only if more of it came; an unanswered request is reported in place of its response; and the
 * first answer in a protocol other than HTTP/1 is reported as such.
 */
final class ResponseJudge {
    private final Inspection inspection;
    private final int stream;
    private final Endpoints endpoints;
    private final ConnectionClose close;
    private Misdirected misdirected = Misdirected.NOT;
    private Optional<Finding> misdirection = Optional.empty();

    ResponseJudge(Inspection inspection, int stream, Endpoints endpoints, ConnectionClose close) {
        this.inspection = inspection;
        this.stream = stream;
        this.endpoints = endpoints;
        this.close = close;
    }

    /** The client speaks another protocol: the next response says so. */
    void misdirected(Misdirected how, Optional<Finding> finding) {
        misdirected = how;
        misdirection = finding;
    }

    /** Whether the next response need not be read if it is clean. */
    boolean cleanIsEnough() {
        return inspection.cleanIsEnough() && misdirection.isEmpty();
    }

    /** Nothing more comes of it; {@code end} is how the server left the connection, as far as that concerns this response. */
    void over(ResponseTrack track, CloseReason end) {
        if (track.clean()) {
            track.release();
            inspection.clean();
        } else if (!track.told()) {
            inspection.judged(judged(track, end));
        } else if (track.changedSince()) {
            track.note("more of it came after it was reported");
            inspection.judgedAgain(track.judged(stream, endpoints, end, close.text()));
        }
    }

    /** It is complete, and more may still come behind it. */
    void complete(ResponseTrack track) {
        if (!track.clean() && !track.told()) {
            inspection.judged(judged(track, CloseReason.OPEN));
            track.tell();
        }
    }

    /**
     * The connection is over, and nothing answered {@code request} and the {@code behind} ones behind it.
     *
     * @param idle how long the connection had been idle before it
     * @param position where the server's next byte would have been
     */
    void unanswered(SeenRequest request, Optional<Duration> idle, long position, int behind) {
        long wait = close.nanos() - request.nanos();
        if (close.open() || close.clientLeftWithin(wait)) {
            inspection.unanswered(1 + behind);
            return;
        }
        var none = new ResponseTrack(inspection, request, idle, position, close.nanos(), false);
        none.note(UnansweredNote.of(close, idle, wait));
        if (behind > 0) {
            none.note("%d more requests after it were not answered either".formatted(behind));
        }
        inspection.judged(judged(none, close.clientFirst() ? CloseReason.OPEN : close.byServer()));
    }

    private InspectedResponse judged(ResponseTrack track, CloseReason end) {
        var response = track.judged(stream, endpoints, end, close.text());
        var finding = misdirection;
        misdirection = Optional.empty();
        return finding.isEmpty() ? response : response.misdirected(finding.get(), misdirected.verdict(response));
    }
}
