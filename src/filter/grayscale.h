#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Takes the colour away and leaves the brightness:
///
///     - input: ["grayscale"]
std::unique_ptr<Filter> make_grayscale();

}  // namespace scrim
