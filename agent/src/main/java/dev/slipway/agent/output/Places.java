package dev.slipway.agent.output;

import dev.slipway.agent.output.Annotation.Place;

/// The places that annotation commands name, put right as GitHub's runner does.
final class Places {
    private Places() {}

    /// The place in a command's properties.
    static Place of(Command command, String file) {
        int line = number(command.property("line"));
        int endLine = number(command.property("endline"));
        int column = number(command.property("col"));
        int endColumn = number(command.property("endcolumn"));
        if (line == 0) {
            line = endLine;
        }
        if (column == 0) {
            column = endColumn;
        }
        boolean columnsMakeSense = line != 0 && (endLine == 0 || endLine == line);
        if (!columnsMakeSense || (endColumn != 0 && endColumn < column)) {
            column = 0;
            endColumn = 0;
        }
        if (endLine != 0 && endLine < line) {
            line = 0;
            endLine = 0;
        }
        return new Place(file, line, endLine, column, endColumn);
    }

    /// A positive number; 0 for anything else.
    static int number(String text) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 9) {
            return 0;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(digits);
    }
}
