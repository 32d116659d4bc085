#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// An outline around the person (around what is visible of the layer), in a colour:
///
///     - foreground: [["border", 6, 255, 200, 0]]
std::unique_ptr<Filter> make_border();

}  // namespace scrim
