#pragma once

#include <string>
#include <vector>

namespace scrim {

/// A name and what is said of it.
struct Row {
    std::string name;
    std::string text;  // may have several lines
};

/// What standard output is: lists are fitted to a terminal, and left as they are for other programs
/// (one line for each row).
struct Paper {
    int width = 0;      // columns; 0 = not a terminal
    bool bold = false;  // names may be printed bold
    static Paper of_standard_output();
};

/// Rows as two aligned columns, each line behind `indent`; the second column is broken at words
/// where it would not fit.
std::string columns(const std::vector<Row>& rows, const std::string& indent, Paper paper);

}  // namespace scrim
