#include "config/diagnostics.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "config/utf8.h"

namespace scrim {
namespace {

constexpr std::size_t kMostShown = 100;    // nobody reads on, and a file of rubbish gives thousands
constexpr std::size_t kLongestText = 400;  // of a key path or a reason, in bytes
constexpr int kWidest = 100;               // columns of a quoted line
constexpr int kBeforeCaret = 60;           // of these, before the caret if the line is cut

/// A character of a quoted line as it is printed.
struct Cell {
    std::string_view bytes;
    int width = 1;
};

std::vector<std::string_view> split_lines(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The last bytes of a text, from the beginning of a character.
std::string_view tail(std::string_view text, std::size_t longest) {
    if (text.size() <= longest) return text;
    text.remove_prefix(text.size() - longest);
    while (!text.empty() && continues_character(text.front()))
        text.remove_prefix(1);
    return text;
}

std::vector<Cell> cells_of(std::string_view line) {
    std::vector<Cell> cells;
    for (std::size_t at = 0; at < line.size();) {
        const Utf8Character c = utf8_character(line, at);
        if (c.bytes == 0 || c.code == '\r' || is_control_character(c.code)) {
            cells.push_back({.bytes = "?"});
        } else {
            cells.push_back({.bytes = line.substr(at, c.bytes), .width = terminal_width(c.code)});
        }
        at += std::max<std::size_t>(c.bytes, 1);
    }
    return cells;
}

/// Where the character at the column (counted from 1) begins.
std::size_t byte_of_column(std::string_view line, int column) {
    std::size_t at = 0;
    for (int i = 1; i < column && at < line.size(); ++i) {
        ++at;
        while (at < line.size() && continues_character(line[at]))
            ++at;
    }
    return at;
}

/// The line and, under it, a caret at the column. A long line is cut to what surrounds the caret.
std::string quoted(std::string_view line, int column) {
    const std::size_t middle = byte_of_column(line, column);
    const std::vector<Cell> before = cells_of(tail(line.substr(0, middle), kLongestText));
    const std::vector<Cell> after = cells_of(line.substr(middle, kLongestText));

    const auto width_of = [](const std::vector<Cell>& cells) {
        return std::accumulate(cells.begin(), cells.end(), 0,
                               [](int sum, const Cell& cell) { return sum + cell.width; });
    };
    const bool cut = width_of(before) + width_of(after) > kWidest;
    std::size_t first = before.size();
    std::size_t last = 0;
    int width = 0;
    while (first > 0 && (!cut || width < kBeforeCaret))
        width += before[--first].width;
    while (last < after.size() && (!cut || width < kWidest))
        width += after[last++].width;

    std::string text = first > 0 ? "..." : "";
    std::string under(text.size(), ' ');
    for (std::size_t i = first; i < before.size(); ++i) {
        text += before[i].bytes;
        // A tab under a tab keeps the columns in step whatever the terminal's tab stops.
        const bool tab = before[i].bytes == "\t";
        under.append(tab ? 1 : static_cast<std::size_t>(before[i].width), tab ? '\t' : ' ');
    }
    for (std::size_t i = 0; i < last; ++i)
        text += after[i].bytes;
    if (last < after.size()) text += "...";
    return text + "\n" + under + "^\n";
}

}  // namespace

Diagnostics::Diagnostics(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {}

void Diagnostics::error(Location where, const std::string& key, const std::string& reason) {
    add(Diagnostic::Severity::error, where, key, reason);
}

void Diagnostics::missing(Location where, const std::string& key, const std::string& reason) {
    add(Diagnostic::Severity::missing, where, key, reason);
}

void Diagnostics::warning(Location where, const std::string& key, const std::string& reason) {
    add(Diagnostic::Severity::warning, where, key, reason);
}

void Diagnostics::add(Diagnostic::Severity severity, Location where, const std::string& key,
                      const std::string& reason) {
    items_.push_back({.severity = severity,
                      .where = where,
                      .key = printable(key, kLongestText),
                      .reason = printable(reason, kLongestText)});
}

std::size_t Diagnostics::count(Diagnostic::Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(items_.begin(), items_.end(),
                      [severity](const Diagnostic& item) { return item.severity == severity; }));
}

std::string Diagnostics::render() const {
    std::vector<const Diagnostic*> sorted;
    for (const auto& item : items_)
        sorted.push_back(&item);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
        return std::pair(a->where.line, a->where.column) <
               std::pair(b->where.line, b->where.column);
    });

    const std::vector<std::string_view> lines = split_lines(text_);
    std::string out;
    for (std::size_t i = 0; i < std::min(sorted.size(), kMostShown); ++i) {
        const Diagnostic& item = *sorted[i];
        out += headline(item) + "\n";
        if (item.where.line > 0 && static_cast<std::size_t>(item.where.line) <= lines.size()) {
            out += quoted(lines[static_cast<std::size_t>(item.where.line) - 1], item.where.column);
        }
    }
    if (sorted.size() > kMostShown) {
        out += fmt::format("{}: and {} more\n", file_, sorted.size() - kMostShown);
    }
    return out;
}

std::string Diagnostics::headline(const Diagnostic& item) const {
    std::string out = file_ + ":";
    if (item.where.line > 0) out += fmt::format("{}:{}:", item.where.line, item.where.column);
    out += " ";
    if (!item.key.empty()) out += item.key + ": ";
    if (item.severity == Diagnostic::Severity::warning) out += "warning: ";
    if (item.severity == Diagnostic::Severity::missing) out += "missing: ";
    return out + item.reason;
}

}  // namespace scrim
