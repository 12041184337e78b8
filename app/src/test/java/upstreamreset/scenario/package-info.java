// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.scenario;

import org.jspecify.annotations.NullMarked;
