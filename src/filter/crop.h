#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Cuts the sides off, or everything outside of an ellipse, with a soft edge if wanted:
///
///     - input: [["crop", {left: 25%, right: 25%, feather: 40}]]
std::unique_ptr<Filter> make_crop();

}  // namespace scrim
