#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// The pictures of a second camera, fitted to the frame:
///
///     - empty: [["webcam", "/dev/video2"]]
std::unique_ptr<Filter> make_webcam();

}  // namespace scrim
