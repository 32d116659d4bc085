#include "config/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "config/utf8.h"

namespace scrim {
namespace {

/// from_chars over the whole text or nothing.
template <typename T, typename... Format>
std::optional<T> whole(std::string_view text, Format... format) {
    T number{};
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number, format...);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

std::optional<double> whole_in_base(std::string_view digits, int base) {
    const auto number = whole<std::uint64_t>(digits, base);
    if (!number) return std::nullopt;
    return static_cast<double>(*number);
}

std::optional<double> unsigned_number(std::string_view text) {
    // from_chars would take "inf" and "nan" too.
    if (text.empty() || text.find_first_not_of("0123456789abcdefABCDEFxX.+-") != text.npos) {
        return std::nullopt;
    }
    if (text.starts_with("0x")) return whole_in_base(text.substr(2), 16);
    if (text.starts_with("0b")) return whole_in_base(text.substr(2), 2);
    const bool only_digits = text.find_first_not_of("0123456789") == text.npos;
    if (only_digits && text.size() > 1 && text.front() == '0') {
        return whole_in_base(text.substr(1), 8);
    }
    if (text.front() == '+' || text.front() == '-') return std::nullopt;  // a second sign
    return whole<double>(text, std::chars_format::general);
}

}  // namespace

std::optional<double> number_of(const Value& value) {
    if (value.kind != Value::Kind::scalar || value.quoted) return std::nullopt;
    std::string text = value.scalar;
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.erase(0, 1);
    if (text.starts_with('_')) return std::nullopt;
    text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
    const auto number = unsigned_number(text);
    if (!number) return std::nullopt;
    return negative ? -*number : *number;
}

std::optional<bool> boolean_of(const Value& value) {
    if (value.kind != Value::Kind::scalar || value.quoted) return std::nullopt;
    static constexpr std::array<std::string_view, 10> yes{"true", "True", "TRUE", "yes", "Yes",
                                                          "YES",  "on",   "On",   "ON",  "1"};
    static constexpr std::array<std::string_view, 10> no{"false", "False", "FALSE", "no",  "No",
                                                         "NO",    "off",   "Off",   "OFF", "0"};
    if (std::find(yes.begin(), yes.end(), value.scalar) != yes.end()) return true;
    if (std::find(no.begin(), no.end(), value.scalar) != no.end()) return false;
    return std::nullopt;
}

std::string number_hint(const Value& value, double most) {
    if (value.kind != Value::Kind::scalar) return "";
    const std::string& text = value.scalar;
    constexpr std::size_t color_size = 7;
    if (text.size() == color_size && text.front() == '#') {
        if (const auto color = whole<unsigned>(std::string_view(text).substr(1), 16)) {
            return fmt::format("; a colour is three numbers: {}, {}, {}", *color >> 16U,
                               *color >> 8U & 0xFFU, *color & 0xFFU);
        }
    }
    if (text.ends_with('%') && most == 1) {
        const auto percent = unsigned_number(text.substr(0, text.find_last_not_of("% ") + 1));
        if (percent && *percent <= 100) {
            return fmt::format("; {} % is {}", *percent, *percent / 100);
        }
    }
    std::string with_point = text;
    std::replace(with_point.begin(), with_point.end(), ',', '.');
    if (with_point != text && unsigned_number(with_point)) return "; write " + with_point;
    return "";
}

std::string shown(const Value& value) {
    constexpr std::size_t longest = 40;
    if (value.kind != Value::Kind::scalar) return value.kind_name();
    const std::string text = printable(value.scalar, longest);
    Value plain = value;
    plain.quoted = false;
    const bool number = number_of(plain).has_value();
    if (value.quoted && (number || boolean_of(plain))) {
        return fmt::format("the text \"{}\"; write it without quotes", text);
    }
    return number ? text : fmt::format("\"{}\"", text);
}

}  // namespace scrim
