#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Gaussian blur of the colour, not of the alpha; softer than `blur` and slower:
///
///     - input: [["gaussian_blur", 31]]
std::unique_ptr<Filter> make_gaussian_blur();

}  // namespace scrim
