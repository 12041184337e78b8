/** HTTP/2 (RFC 9113) and its field compression (RFC 7541) over bytes, with offsets. */
@NullMarked
package upstreamreset.http2;

import org.jspecify.annotations.NullMarked;
