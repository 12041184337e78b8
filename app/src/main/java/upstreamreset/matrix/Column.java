// SPDX-License-Identifier: Apache-2.0
package upstreamreset.matrix;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import upstreamreset.scenario.Scenario;

/**
 * One column of the matrix.
 *
 * @param title its name and, where it is there, its version
 * @param missing why it is not there, or did not last; empty when it is
 * @param cells in the order of the scenarios
 */
public record Column(Implementation party, String title, Optional<String> missing, List<Cell> cells) {
    public Column {
        cells = List.copyOf(cells);
    }

    /** A column of somebody who is not there, or did not last. */
    static Column missing(Implementation party, String title, IOException why, List<Scenario> scenarios) {
        var words = String.valueOf(why.getMessage());
        Cell cell = new Cell.Unavailable(words);
        return new Column(party, title, Optional.of(words), Collections.nCopies(scenarios.size(), cell));
    }
}
