// SPDX-License-Identifier: Apache-2.0
package upstreamreset.election;

/**
 * One acquisition of one Lease object. The number alone does not identify a term, because a deleted Lease starts
 * counting again: two terms are the same only if all three components are.
 */
public record Term(String uid, String holder, int transitions) {
    /** The running term according to {@code record}, or the last one if nobody holds the Lease. */
    public static Term of(LeaseRecord record) {
        return new Term(record.uid(), record.holder(), record.transitions());
    }
}
