#include "config/utf8.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace scrim {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// The blocks that matter in file names and comments, not all of Unicode's table.
constexpr std::array<Range, 3> kCombining{{{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}}};
constexpr std::array<Range, 10> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool within(char32_t code, const std::array<Range, N>& ranges) {
    return std::any_of(ranges.begin(), ranges.end(), [code](const Range& range) {
        return range.first <= code && code <= range.last;
    });
}

}  // namespace

Utf8Character utf8_character(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(at);
    if (first < 0x80) return {.code = first, .bytes = 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() - at < length) return {};
    char32_t code = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (byte(at + i) & 0x3FU);
    }
    // Longer than needed, half of a UTF-16 pair, or beyond Unicode.
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < least[length] || surrogate || code > 0x10FFFF) return {};
    return {.code = code, .bytes = length};
}

bool is_control_character(char32_t code) {
    if (code == '\t' || code == '\n' || code == '\r') return false;
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

int terminal_width(char32_t code) {
    if (within(code, kCombining)) return 0;
    return within(code, kWide) ? 2 : 1;
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (out.size() > longest) return out + "...";
        const Utf8Character c = utf8_character(text, at);
        if (c.bytes == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
            ++at;
            continue;
        }
        if (c.code == '\n') {
            out += "\\n";
        } else if (c.code == '\r') {
            out += "\\r";
        } else if (c.code == '\t') {
            out += "\\t";
        } else if (is_control_character(c.code)) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(c.code));
        } else {
            out += text.substr(at, c.bytes);
        }
        at += c.bytes;
    }
    return out;
}

}  // namespace scrim
