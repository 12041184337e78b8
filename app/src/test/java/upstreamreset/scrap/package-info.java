@NullMarked
package upstreamreset.scrap;

import org.jspecify.annotations.NullMarked;
