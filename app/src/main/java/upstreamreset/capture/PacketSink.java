// SPDX-License-Identifier: Apache-2.0
package upstreamreset.capture;

/** Takes packets in the order of the file. */
interface PacketSink {
    /**
     * The next packet.
     *
     * @param nanos since the epoch
     * @param linkType how the packet begins: a LINKTYPE_ number
     * @param bytes holds the packet only during the call
     * @param captured how many bytes of it are there, from {@code offset}
     * @param original how long it was on the wire
     */
    void packet(long nanos, int linkType, byte[] bytes, int offset, int captured, int original);
}
