#include "app/columns.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace scrim {
namespace {

constexpr std::size_t kGap = 2;         // spaces between the columns
constexpr std::size_t kNarrowest = 20;  // of the second column, however small the terminal is

/// The lines of a text, none longer than `room` where a space allows it.
std::vector<std::string> broken(const std::string& text, std::size_t room) {
    std::vector<std::string> lines;
    std::istringstream paragraphs(text);
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        std::string line;
        std::istringstream words(paragraph);
        for (std::string word; words >> word;) {
            if (!line.empty() && line.size() + 1 + word.size() > room) {
                lines.push_back(std::move(line));
                line.clear();
            }
            line += (line.empty() ? "" : " ") + word;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace

Paper Paper::of_standard_output() {
    if (isatty(STDOUT_FILENO) != 1) return {};
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const char* const plain = std::getenv("NO_COLOR");
    return {.width = known ? size.ws_col : 80, .bold = plain == nullptr || *plain == '\0'};
}

std::string columns(const std::vector<Row>& rows, const std::string& indent, Paper paper) {
    std::size_t longest = 0;
    for (const Row& row : rows)
        longest = std::max(longest, row.name.size());
    const std::size_t left = indent.size() + longest + kGap;
    std::size_t room = std::string::npos;
    if (paper.width > 0) {
        const auto width = static_cast<std::size_t>(paper.width);
        room = width > left + kNarrowest ? width - left : kNarrowest;
    }
    std::string out;
    for (const Row& row : rows) {
        const std::string padding(longest + kGap - row.name.size(), ' ');
        const std::string name = paper.bold ? fmt::format("\033[1m{}\033[0m", row.name) : row.name;
        out += fmt::format("{}{}{}", indent, name, padding);
        const std::vector<std::string> lines = broken(row.text, room);
        out += fmt::format("{}\n", fmt::join(lines, "\n" + std::string(left, ' ')));
    }
    return out;
}

}  // namespace scrim
