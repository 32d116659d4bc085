#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A picture drawn over the layer's, in its own size at a place of the frame; animations play:
///
///     - previous: [["overlay", "logo.png", {anchor: bottom_right, x: 16, y: 16}]]
std::unique_ptr<Filter> make_overlay();

}  // namespace scrim
