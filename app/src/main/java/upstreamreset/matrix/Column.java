// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.util.List;
import java.util.Optional;

/**
 * One column of the matrix.
 *
 * @param title its name and, where it is there, its version
 * @param missing why it is not there, or did not last; empty when it is
 * @param cells in the order of the scenarios
 */
public record Column(Party party, String title, Optional<String> missing, List<Cell> cells) {
    public Column {
        cells = List.copyOf(cells);
    }
}
