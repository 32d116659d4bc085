#include "config/syntax_errors.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/yaml_messages.h"

namespace scrim {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr const char* kBlank = " \t\r\n";

/// A reason, and the byte that it is about.
struct Complaint {
    std::size_t at;
    std::string reason;
};

std::size_t begin_of_line(std::string_view text, std::size_t at) {
    const std::size_t end = at == 0 ? npos : text.rfind('\n', at - 1);
    return end == npos ? 0 : end + 1;
}

std::string_view line_from(std::string_view text, std::size_t begin) {
    return text.substr(begin, text.find('\n', begin) - begin);
}

/// The line above that is neither empty nor a comment: where it begins.
std::optional<std::size_t> line_above(std::string_view text, std::size_t begin) {
    while (begin > 0) {
        begin = begin_of_line(text, begin - 1);
        const std::string_view line = line_from(text, begin);
        const std::size_t first = line.find_first_not_of(kBlank);
        if (first != npos && line[first] != '#') return begin;
    }
    return std::nullopt;
}

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// Where the bracket stands that is not closed before `at`. A bracket within a plain text is none.
std::optional<std::size_t> open_bracket(std::string_view text, std::size_t at) {
    std::vector<std::size_t> open;
    char before = '\n';  // the last character that is not a space
    for (std::size_t i = 0; i < at; ++i) {
        const char c = text[i];
        const bool begins = !open.empty() || before == ':' || before == '-' || before == '\n';
        if (c == '#' && (i == 0 || std::isspace(static_cast<unsigned char>(text[i - 1])) != 0)) {
            i = std::min(text.find('\n', i), at) - 1;
            continue;
        }
        if ((c == '"' || c == '\'') && (begins || before == ',' || before == '[')) {
            i = std::min(text.find(c, i + 1), at);
        } else if ((c == '[' || c == '{') && begins) {
            open.push_back(i);
        } else if ((c == ']' || c == '}') && !open.empty()) {
            open.pop_back();
        }
        if (c != ' ') before = c;
    }
    if (open.empty()) return std::nullopt;
    return open.back();
}

/// A ":" that the parser did not expect, for one of four reasons.
std::optional<Complaint> explain_colon(std::string_view text, std::size_t at) {
    const std::size_t begin = begin_of_line(text, at);
    const std::string_view line = line_from(text, begin);
    const std::size_t first_colon = line.find(": ");
    if (first_colon != npos && begin + first_colon < at) {
        return Complaint{at, "a text with \": \" in it needs quotes"};
    }
    const auto above = line_above(text, begin);
    if (!above) return std::nullopt;
    const std::string_view line_before = line_from(text, *above);
    const std::size_t colon = line_before.find(':');
    const std::size_t last = line_before.find_last_not_of(kBlank);
    if (colon == npos) {
        return Complaint{*above + last, "is a \":\" missing at the end of this line?"};
    }
    if (colon < last && std::isspace(static_cast<unsigned char>(line_before[colon + 1])) == 0) {
        return Complaint{*above + colon, "a space is missing after this \":\""};
    }
    if (indent_of(line) > indent_of(line_before)) {
        return Complaint{begin + indent_of(line),
                         "this line is indented further than the one above, which is complete; "
                         "begin it in the same column"};
    }
    return std::nullopt;
}

/// A "- " that the parser did not expect.
std::optional<Complaint> explain_dash(std::string_view text, std::size_t at) {
    const std::size_t begin = begin_of_line(text, at);
    if (text.substr(begin, at - begin).find_first_not_of(kBlank) != npos) {
        return Complaint{at,
                         "\"- \" can only begin a line; a number below zero is written without "
                         "the space"};
    }
    return std::nullopt;
}

/// Where the parser has come to a later line, the bracket is what has to be looked at.
std::optional<Complaint> explain_bracket(std::string_view text, std::size_t at) {
    const auto open = open_bracket(text, at);
    if (!open || begin_of_line(text, *open) == begin_of_line(text, at)) return std::nullopt;
    return Complaint{*open, fmt::format("this \"{}\" is not closed", text[*open])};
}

/// A "\\" in double quotes: the parser has read on to the end of what should have been its code.
std::optional<Complaint> explain_escape(const std::string& message, std::string_view text,
                                        std::size_t at) {
    if (!message.starts_with(YAML::ErrorMsg::INVALID_ESCAPE) &&
        !message.starts_with(YAML::ErrorMsg::INVALID_HEX)) {
        return std::nullopt;
    }
    for (const auto& [letter, digits] : {std::pair{'U', 8U}, {'u', 4U}, {'x', 2U}}) {
        const std::size_t length = digits + 2;
        if (at >= length && text.substr(at - length, 2) == std::string{'\\', letter}) {
            return Complaint{at - length, yaml_message(message, false)};
        }
    }
    if (at < 2 || text[at - 2] != '\\') return std::nullopt;
    return Complaint{at - 2, yaml_message(message, false)};
}

std::optional<Complaint> explain(const std::string& message, std::string_view text,
                                 std::size_t at) {
    if (message == YAML::ErrorMsg::MAP_VALUE) {
        if (auto bracket = explain_bracket(text, at)) return bracket;
        return explain_colon(text, at);
    }
    if (message == YAML::ErrorMsg::BLOCK_ENTRY) {
        if (auto dash = explain_dash(text, at)) return dash;
        return explain_bracket(text, at);
    }
    if (message == YAML::ErrorMsg::END_OF_SEQ_FLOW || message == YAML::ErrorMsg::END_OF_MAP_FLOW) {
        return explain_bracket(text, at);
    }
    return std::nullopt;
}

/// A tab among the spaces at the beginning of the line.
std::optional<std::size_t> indenting_tab(std::string_view text, std::size_t at) {
    const std::size_t begin = begin_of_line(text, at);
    const std::size_t tab = text.find('\t', begin);
    if (tab == npos || tab >= text.find_first_not_of(" \t", begin)) return std::nullopt;
    return tab;
}

/// Whether a "#" has made a comment of the rest of the line where the text should have gone on.
bool has_comment(std::string_view text, const Places& places, Location where) {
    for (std::size_t at = text.find(" #"); at != npos; at = text.find(" #", at + 1)) {
        const Location comment = places.at(at);
        if (comment.line == where.line && comment.column > where.column) return true;
    }
    return false;
}

}  // namespace

void report_syntax(const YAML::Exception& error, std::string_view text, const Places& places,
                   std::optional<Location> innermost, Diagnostics& diagnostics) {
    const std::size_t at =
        std::min(static_cast<std::size_t>(std::max(error.mark.pos, 0)), text.size());
    if (const auto escape = explain_escape(error.msg, text, at)) {
        diagnostics.error(places.at(escape->at), "", escape->reason);
    } else if (text.find_first_not_of(kBlank, at) == npos) {
        const Location where = innermost.value_or(places.last_seen(at));
        std::string reason = yaml_message(error.msg, true);
        if (innermost && has_comment(text, places, where)) {
            reason += "; \" #\" begins a comment, put the text in quotes";
        }
        diagnostics.error(where, "", reason);
    } else if (const auto tab = indenting_tab(text, at)) {
        diagnostics.error(places.at(*tab), "", "a tab cannot indent; use spaces");
    } else if (const auto complaint = explain(error.msg, text, at)) {
        diagnostics.error(places.at(complaint->at), "", complaint->reason);
    } else {
        diagnostics.error(places.at(at), "", yaml_message(error.msg, false));
    }
}

}  // namespace scrim
