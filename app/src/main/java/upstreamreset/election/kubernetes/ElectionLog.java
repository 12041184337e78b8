// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionNews;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.Term;

/** Logs the election, and posts an Event for each transition. */
final class ElectionLog implements Consumer<ElectionNews> {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionLog.class);
    /** The longest name of an object in Kubernetes; a Lease's holder is anybody's text. */
    private static final int MAX_NAME_LENGTH = 253;

    private final ElectionOptions options;
    private final TransitionEvents events;
    private final LineLimit lines = new LineLimit(LOG);

    ElectionLog(ElectionOptions options, TransitionEvents events) {
        this.options = options;
        this.events = events;
    }

    @Override
    public void accept(ElectionNews news) {
        switch (news) {
            case ElectionNews.Became(Term term) -> {
                LOG.info("Became leader: {}", options.hostname());
                events.post(term, options.hostname() + " became leader");
            }
            case ElectionNews.Stopping(Term _, String why) -> LOG.info("Leadership ends: {}", why);
            case ElectionNews.Stopped(Term term) -> {
                LOG.info("Stopped being leader");
                events.post(term, options.hostname() + " stopped leading");
            }
            case ElectionNews.Released(Term _) -> LOG.info("Lease {} released", options.leaseName());
            case ElectionNews.Leader(String holder) -> {
                if (holder.isEmpty()) {
                    lines.log(() -> LOG.info("Nobody leads"));
                } else if (!holder.equals(options.identity())) {
                    lines.log(() -> LOG.info("Leader is {}", name(holder)));
                }
            }
            case ElectionNews.Trouble(var failure) -> lines.log(() -> LOG.warn("Election: {}", failure.message()));
            case ElectionNews.Recovered() -> lines.log(() -> LOG.info("Election: the API server answers again"));
            case ElectionNews.TaskFailed(var failure) -> LOG.error("The leader's task failed", failure);
            case ElectionNews.Waiting(String why) ->
                LOG.info(
                        "Waiting {} s before leading: {}, so someone may still be at work",
                        options.leaseDuration().toSeconds(),
                        why);
        }
    }

    private static String name(String holder) {
        var name = ElectionOptions.hostname(holder);
        return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH) + "...";
    }
}
