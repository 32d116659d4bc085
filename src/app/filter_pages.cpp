#include "app/filter_pages.h"

#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace scrim {
namespace {

constexpr const char* introduction =
    R"(<!-- Made by scripts/document-filters from what `scrim filters` prints. Do not edit. -->

# Filters

A layer is a source and a list of filters, which change it one after the other. A filter is written
as its name, or as a list of its name and its arguments, by position or by name:

```yaml
layers:
  - input: ["grayscale", ["blur", 10, 10]]
  - foreground: [["blur", {intensity_x: 10}]]
```

Files are named relative to the configuration. Pixels are those of the camera's picture. Where a filter
moves or changes, it does so by the time, at any rate of frames, unless it says "a frame".

`scrim filters NAME` prints the same in a terminal, `scrim check FILE` says what is wrong in a
configuration. [What each filter costs](filter-costs.md).

All pictures were made from this one, by Scrim; where a filter leaves something transparent, the beach
behind it is seen:

![The camera's picture](filters/camera.jpg)

)";

/// "integer, 0..255".
std::string type_of(const Parameter& parameter) {
    return parameter.limits.empty() ? parameter.type : parameter.type + ", " + parameter.limits;
}

/// "5"; of one that is taken from another parameter, that one's name.
std::string default_of(const Parameter& parameter) {
    std::string_view text = parameter.default_text;
    if (text.starts_with("= ")) text.remove_prefix(2);
    return std::string(text);
}

std::string example_of(const FilterKind& kind) {
    return fmt::format("layers:\n  - {}\n", kind.example);
}

/// Text in a cell of a table: "|" would end the cell.
std::string in_cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string capitalized(std::string_view text) {
    std::string out(text);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
    return out;
}

std::string row_in_markdown(const Parameter& parameter) {
    std::string help = in_cell(parameter.help);
    if (!parameter.aliases.empty()) {
        help += fmt::format(" (also written `{}`)", fmt::join(parameter.aliases, "`, `"));
    }
    const std::string value =
        parameter.required ? "required" : fmt::format("`{}`", default_of(parameter));
    return fmt::format("| `{}` | {} | {} | {} |\n", parameter.name, in_cell(type_of(parameter)),
                       in_cell(value), help);
}

}  // namespace

std::vector<Parameter> parameters_of(const FilterKind& kind) {
    const std::unique_ptr<Filter> filter = kind.make();
    Schema schema;
    filter->bind(schema);
    return schema.parameters();
}

std::string filter_page(const FilterKind& kind, Paper paper) {
    std::vector<Row> rows;
    for (const Parameter& parameter : parameters_of(kind)) {
        std::string text =
            fmt::format("{}\n{}; {}", parameter.help, type_of(parameter),
                        parameter.required ? "required" : "default " + default_of(parameter));
        if (!parameter.aliases.empty()) {
            text += fmt::format("\nalso written {}", fmt::join(parameter.aliases, ", "));
        }
        rows.push_back({parameter.name, std::move(text)});
    }
    std::string page = fmt::format("{}: {}\n\n", kind.name, kind.help);
    page += rows.empty() ? "It takes no arguments.\n"
                         : "Arguments, in this order or by name:\n\n" + columns(rows, "  ", paper);
    return page + "\nExample:\n\n" + example_of(kind);
}

std::string filters_in_markdown() {
    std::string page = introduction;
    std::vector<std::string> links;
    for (const FilterKind& kind : filter_kinds())
        links.push_back(fmt::format("[{0}](#{0})", kind.name));
    page += fmt::format("{}\n", fmt::join(links, " ·\n"));
    for (const FilterKind& kind : filter_kinds()) {
        page += fmt::format("\n## {0}\n\n![{0}](filters/{0}.jpg)\n\n{1}.\n", kind.name,
                            capitalized(kind.help));
        const std::vector<Parameter> parameters = parameters_of(kind);
        if (!parameters.empty()) page += "\n| argument | value | default | |\n|---|---|---|---|\n";
        for (const Parameter& parameter : parameters)
            page += row_in_markdown(parameter);
        page += fmt::format("\n```yaml\n{}```\n", example_of(kind));
    }
    return page;
}

}  // namespace scrim
