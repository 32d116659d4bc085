#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Writes a text or the time onto the picture:
///
///     - empty: [["text", "%H:%M", {anchor: top_right}]]
std::unique_ptr<Filter> make_text();

}  // namespace scrim
