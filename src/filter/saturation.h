#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Stronger or weaker colours:
///
///     - input: [["saturation", 1.4]]
std::unique_ptr<Filter> make_saturation();

}  // namespace scrim
