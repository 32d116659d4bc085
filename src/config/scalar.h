#pragma once

#include <optional>
#include <string>

#include "config/document.h"

namespace scrim {

/// What an unquoted scalar means as a number, by the rules of the predecessor's YAML 1.1 (hex,
/// octal and binary with 0x, 0 and 0b, underscores between digits) and those of everybody (1e3,
/// .5). Nothing for what is none, and for infinities and what a double cannot hold.
std::optional<double> number_of(const Value& value);

/// true/false, yes/no, on/off in lower case, upper case or capitalized, and 1/0; not quoted.
std::optional<bool> boolean_of(const Value& value);

/// The value in a message: `300`, `"maybe"`, `the text "10"; write it without quotes`, `a list`.
std::string shown(const Value& value);

/// What to write instead of a value that should have been a number of at most `most`, where one can
/// be made out: "; write 0.5" for "0,5", "; 75 % is 0.75", the three numbers of "#00ff00"; or "".
std::string number_hint(const Value& value, double most);

}  // namespace scrim
