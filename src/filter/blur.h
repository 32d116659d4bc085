#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Box blur of the colour, not of the alpha:
///
///     - input: [["blur", 21]]
std::unique_ptr<Filter> make_blur();

}  // namespace scrim
