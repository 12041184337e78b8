// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.kubernetes;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import upstreamreset.election.ElectionNews;
import upstreamreset.election.ElectionOptions;
import upstreamreset.election.Term;

/** Logs what happens, and posts an Event of each transition. */
record ElectionLog(ElectionOptions options, TransitionEvents events) implements Consumer<ElectionNews> {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionLog.class);

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
                    LOG.info("Nobody leads");
                } else if (!holder.equals(options.identity())) {
                    LOG.info("Leader is {}", ElectionOptions.hostname(holder));
                }
            }
            case ElectionNews.Trouble(var failure) -> LOG.warn("Election: {}", failure.message());
            case ElectionNews.Recovered() -> LOG.info("Election: the API server answers again");
            case ElectionNews.TaskFailed(var failure) -> LOG.error("The leader's task failed", failure);
            case ElectionNews.Waiting(String why) ->
                LOG.info(
                        "Waiting {} s before leading: {}, so someone may still be at work",
                        options.leaseDuration().toSeconds(),
                        why);
        }
    }
}
