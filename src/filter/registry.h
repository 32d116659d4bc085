#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "config/config.h"
#include "filter/filter.h"

namespace scrim {

struct FilterKind {
    std::string_view name;
    std::string_view help;     // one line
    std::string_view example;  // a layer that uses it, as YAML
    std::unique_ptr<Filter> (*make)();
};

/// All filters, by name.
std::span<const FilterKind> filter_kinds();
const FilterKind* find_filter(std::string_view name);

/// Looks up the filter and reads its arguments; what is wrong goes into `diagnostics` (did you
/// mean), then the result may be null.
std::unique_ptr<Filter> make_filter(const FilterCall& call, const std::filesystem::path& folder,
                                    Diagnostics& diagnostics);

}  // namespace scrim
