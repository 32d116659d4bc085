#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// One opaque colour:
///
///     - empty: [["solid_color", 0, 120, 40]]
std::unique_ptr<Filter> make_solid_color();

}  // namespace scrim
