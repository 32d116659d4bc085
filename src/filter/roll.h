#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Lets the picture wander, coming in again on the other side:
///
///     - input: [["roll", 6, 2]]
std::unique_ptr<Filter> make_roll();

}  // namespace scrim
