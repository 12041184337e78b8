// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election.simulation;

import java.time.Duration;

/**
 * One line of a timeline.
 *
 * @param who the candidate, or {@code api} or {@code fault}
 * @param event a word in kebab-case, for machines
 * @param text the same for people
 */
public record Entry(Duration at, String who, String event, String text) {}
