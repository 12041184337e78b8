// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.accesslog;

import org.jspecify.annotations.NullMarked;
