#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// A video or an animation in a loop, fitted to the frame:
///
///     - empty: [["video", "waves.mp4", 25]]
std::unique_ptr<Filter> make_video();

}  // namespace scrim
