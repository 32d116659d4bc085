#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Makes the picture larger or smaller, from the top left corner:
///
///     - foreground: [["zoom", 0.5]]
std::unique_ptr<Filter> make_zoom();

}  // namespace scrim
