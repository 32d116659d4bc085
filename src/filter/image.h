#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A picture from a file, fitted to the frame, with its alpha; animations play:
///
///     - empty: [["image", "background.png"]]
std::unique_ptr<Filter> make_image();

}  // namespace scrim
