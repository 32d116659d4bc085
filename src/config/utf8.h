#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace scrim {

/// One character of a text in UTF-8.
struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0;  // 0 = what stands there is not UTF-8, or the text has ended
};
Utf8Character utf8_character(std::string_view text, std::size_t at);

/// Characters that may steer a terminal (or end a text early) and have no place in a configuration:
/// the control characters other than tab and line ends.
bool is_control_character(char32_t code);

/// How many columns of a terminal the character takes: 0, 1 or 2.
int terminal_width(char32_t code);

/// The text fit to be printed on a line: control characters and broken bytes as \n or \x1b, cut
/// after about `longest` bytes.
std::string printable(std::string_view text, std::size_t longest);

}  // namespace scrim
