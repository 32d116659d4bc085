#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "filter/registry.h"
#include "util/words.h"

namespace scrim {
namespace {

void list_filters() {
    for (const FilterKind& kind : filter_kinds()) {
        fmt::print("{:<16} {}\n", kind.name, kind.help);
    }
    fmt::print("\n`scrim filters NAME` shows what one takes, with an example.\n");
}

void describe_parameter(const Parameter& parameter) {
    std::string type = parameter.type;
    if (!parameter.limits.empty()) type += ", " + parameter.limits;
    if (parameter.required) {
        type += "; required";
    } else if (!parameter.default_text.empty()) {
        type += "; " + std::string(parameter.default_text.starts_with('=') ? "" : "default ") +
                parameter.default_text;
    }
    fmt::print("  {:<22} {}  ({})\n", parameter.name, parameter.help, type);
    if (!parameter.aliases.empty()) {
        fmt::print("  {:<22} also written {}\n", "", fmt::join(parameter.aliases, ", "));
    }
}

void describe_filter(const std::string& name) {
    const FilterKind* const kind = find_filter(name);
    if (kind == nullptr) {
        std::vector<std::string> names;
        for (const FilterKind& one : filter_kinds())
            names.emplace_back(one.name);
        const auto meant = closest_word(name, names);
        throw Error("there is no filter \"{}\"{}", name,
                    meant ? "; did you mean \"" + *meant + "\"?" : "; `scrim filters` lists them");
    }
    fmt::print("{}: {}\n", kind->name, kind->help);
    const auto filter = kind->make();
    Schema schema;
    filter->bind(schema);
    if (schema.parameters().empty()) fmt::print("\nIt takes no arguments.\n");
    if (!schema.parameters().empty()) fmt::print("\nArguments, in this order or by name:\n");
    for (const Parameter& parameter : schema.parameters())
        describe_parameter(parameter);
    fmt::print("\nExample:\n\nlayers:\n  - {}\n", kind->example);
}

}  // namespace

void add_filters(CLI::App& app) {
    auto* const command = app.add_subcommand("filters", "List the filters, or explain one of them");
    auto name = std::make_shared<std::string>();
    command->add_option("name", *name, "the filter to explain")->type_name("NAME");
    command->callback([name] { name->empty() ? list_filters() : describe_filter(*name); });
}

}  // namespace scrim
