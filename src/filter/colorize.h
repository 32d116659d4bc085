#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A picture in shades of one colour: luma (of the frame's own matrix) x colour / 255.
///
///     - input: [["colorize", 255, 180, 60]]
std::unique_ptr<Filter> make_colorize();

}  // namespace scrim
