#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands.h"
#include "app/options.h"
#include "filter/registry.h"
#include "util/words.h"

namespace scrim {
namespace {

struct FilterOptions {
    std::filesystem::path config;
    std::string name;
};

std::set<std::string> used_filters(const Config& config) {
    std::set<std::string> names;
    for (const LayerSpec& layer : config.layers) {
        for (const FilterCall& call : layer.filters)
            names.insert(call.name);
    }
    return names;
}

void list_filters(const std::filesystem::path& config) {
    std::set<std::string> used;
    if (!config.empty()) used = used_filters(scene_of_option(config).config);
    for (const FilterKind& kind : filter_kinds()) {
        fmt::print("{:<16} {}{}\n", kind.name, kind.help,
                   used.contains(std::string(kind.name)) ? "  (used)" : "");
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
    auto options = std::make_shared<FilterOptions>();
    command->add_option("name", options->name, "the filter to explain")->type_name("NAME");
    command->add_option("-c,--config", options->config, "mark the filters that this one uses")
        ->type_name("FILE");
    command->callback([options] {
        options->name.empty() ? list_filters(options->config) : describe_filter(options->name);
    });
}

}  // namespace scrim
