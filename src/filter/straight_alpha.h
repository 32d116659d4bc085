#pragma once

#include "frame/frame.h"

namespace scrim {

// Porter and Duff's "over" for pictures with straight alpha (Compositing Digital Images, 1984): the
// result's alpha is t + b (1 - t), its colour the mean of both weighted by t and b (1 - t). Chroma
// is weighted by the sums over the (up to) four pixels. Within 1 of the exact value; where nothing
// changes, the bytes stay. Both have the same tags.

/// `base` comes to lie under `image`, which has its size; an opaque image hides it.
void lay_under(Frame& image, const Frame& base);

/// `top` comes to lie on `image` at (x, y), which are even; it must fit. An opaque image stays
/// opaque.
void lay_over(Frame& image, const Frame& top, int x, int y);

}  // namespace scrim
