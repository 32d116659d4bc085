#pragma once

#include "frame/frame.h"

namespace scrim {

/// Draws `picture` over the part of `image` whose top left corner is (x, y), by its alpha (Porter
/// and Duff's "over" with straight alpha). An image with alpha becomes less transparent where it is
/// drawn; an opaque one stays opaque. Chroma goes by the mean alpha of its (up to) four pixels.
///
/// x and y are even; the picture lies within the image, and its sides are even or end with the
/// image's. Both have the same tags. Touches nothing outside.
void draw_over(Frame& image, const Frame& picture, int x, int y);

}  // namespace scrim
