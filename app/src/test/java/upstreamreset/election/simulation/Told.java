// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;
import upstreamreset.election.ElectionNews;

/** What a candidate reported, and when. */
record Told(Duration at, String candidate, ElectionNews news) {}
