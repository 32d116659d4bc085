#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// The pictures of a folder in the order of their names, in a loop:
///
///     - empty: [["image_sequence", "frames", 25]]
std::unique_ptr<Filter> make_image_sequence();

}  // namespace scrim
