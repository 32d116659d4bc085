#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/columns.h"
#include "app/commands.h"
#include "app/filter_pages.h"
#include "app/options.h"
#include "util/words.h"

namespace scrim {
namespace {

struct FilterOptions {
    std::filesystem::path config;
    std::string name;
    bool markdown = false;
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
    std::vector<Row> rows;
    for (const FilterKind& kind : filter_kinds()) {
        const std::string name(kind.name);
        rows.push_back({name, std::string(kind.help) + (used.contains(name) ? "  (used)" : "")});
    }
    fmt::print("{}\n`scrim filters NAME` shows what one takes, with an example.\n",
               columns(rows, "", Paper::of_standard_output()));
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
    fmt::print("{}", filter_page(*kind, Paper::of_standard_output()));
}

}  // namespace

void add_filters(CLI::App& app) {
    auto* const command = app.add_subcommand("filters", "List the filters, or explain one of them");
    auto options = std::make_shared<FilterOptions>();
    command->add_option("name", options->name, "the filter to explain")->type_name("NAME");
    command->add_option("-c,--config", options->config, "mark the filters that this one uses")
        ->type_name("FILE");
    command->add_flag("--markdown", options->markdown, "print the page of doc/filters.md");
    command->callback([options] {
        if (options->markdown) {
            fmt::print("{}", filters_in_markdown());
        } else if (options->name.empty()) {
            list_filters(options->config);
        } else {
            describe_filter(options->name);
        }
    });
}

}  // namespace scrim
