#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Makes a layer more (or less) transparent, for ghosts and watermarks:
///
///     - foreground: [["change_alpha", -110]]
std::unique_ptr<Filter> make_change_alpha();

}  // namespace scrim
