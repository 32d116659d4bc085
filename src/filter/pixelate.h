#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Coarse square blocks of one colour each (of the colour, not of the alpha):
///
///     - input: [["pixelate", 24]]
std::unique_ptr<Filter> make_pixelate();

}  // namespace scrim
