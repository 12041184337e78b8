// SPDX-License-Identifier: Apache-2.0
/** Views of the records: text for a person, JSON for a filter. Nothing from the wire is printed raw. */
@NullMarked
package upstreamreset.report;

import org.jspecify.annotations.NullMarked;
