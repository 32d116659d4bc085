#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Shifts the picture, wrapped around or cut off:
///
///     - foreground: [["move", 0.25, 0, {relative: true, periodic: false}]]
std::unique_ptr<Filter> make_move();

}  // namespace scrim
