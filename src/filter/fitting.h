#pragma once

#include <cstdint>

#include <opencv2/core.hpp>

#include "config/schema.h"
#include "filter/filter.h"
#include "frame/clip_reader.h"
#include "frame/frame.h"

namespace scrim {

enum class Interpolation : std::uint8_t { linear, nearest };

/// How a picture of another shape gets into the frame: pulled to its shape, whole with transparent
/// bars beside it, or filling it with its edges cut off.
enum class Fit : std::uint8_t { stretch, contain, cover };

void bind_interpolation(Schema& schema, Interpolation& interpolation);
void bind_fit(Schema& schema, Fit& fit);

/// R, G, B, A in another size; the colour of invisible pixels does not bleed. Linear like the
/// predecessor's up to half the size; what is smaller than that is averaged over areas first, where
/// linear interpolation would skip pixels and sparkle.
cv::Mat resized(const Picture& picture, cv::Size size, Interpolation interpolation);

/// A picture as a frame of the stream's size and tags. Planes that fit already are not copied;
/// their alpha is not looked at.
Frame fitted(const Pixels& pixels, Fit fit, Interpolation interpolation,
             const StreamContext& stream);

}  // namespace scrim
