#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Sharpens edges of luma by an unsharp mask: what a blur takes away is added once more.
///
///     - input: [["sharpen", 0.8]]
std::unique_ptr<Filter> make_sharpen();

}  // namespace scrim
