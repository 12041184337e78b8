// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.diagnosis;

import org.jspecify.annotations.NullMarked;
