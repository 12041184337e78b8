// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.server;

import org.jspecify.annotations.NullMarked;
