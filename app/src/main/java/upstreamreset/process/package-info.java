// SPDX-License-Identifier: Apache-2.0
/** Other programs: found, run with a deadline, and never outliving us; and the folders that they work in. */
@NullMarked
package upstreamreset.process;

import org.jspecify.annotations.NullMarked;
