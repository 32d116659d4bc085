#pragma once

#include <cstdint>
#include <memory>

#include "segment/segmenter.h"

namespace scrim {

/// MediaPipe's two selfie segmentation networks.
enum class SelfieKind : std::uint8_t { landscape, square };

/// The network for frames of that size: the landscape one for wide frames, else the square one.
SelfieKind selfie_kind_for(int frame_width, int frame_height);

/// Loads the network from its file; throws Error.
///
/// The whole frame is stretched to the network's input, whatever its aspect: nothing is cut off at
/// the sides and nothing is wasted on borders. The score is soft, an alpha.
std::unique_ptr<Segmenter> open_selfie(SelfieKind kind);

}  // namespace scrim
