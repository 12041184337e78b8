// SPDX-License-Identifier: Apache-2.0
@NullMarked
package upstreamreset.lab;

import org.jspecify.annotations.NullMarked;
