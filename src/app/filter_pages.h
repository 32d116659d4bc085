#pragma once

#include <string>
#include <vector>

#include "app/columns.h"
#include "filter/registry.h"

namespace scrim {

/// The parameters of a filter, in the order of positional arguments.
std::vector<Parameter> parameters_of(const FilterKind& kind);

/// What `scrim filters NAME` prints: parameters, ranges, defaults and an example to be pasted.
std::string filter_page(const FilterKind& kind, Paper paper);

/// doc/filters.md: all filters, each with its picture doc/filters/NAME.jpg.
std::string filters_in_markdown();

}  // namespace scrim
