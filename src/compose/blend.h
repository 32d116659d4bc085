#pragma once

#include "frame/frame.h"

namespace scrim {

/// Puts `top` on `base` by top's alpha: out = top * a/255 + base * (1 - a/255), rounded to nearest;
/// chroma takes the rounded mean alpha of its (up to) four pixels. Where alpha is 255 the bytes of
/// `top` come out unchanged, where it is 0 those of `base`. An opaque `top` replaces base at once.
/// Both have the same size and tags; base must be opaque.
void blend_over(Frame& base, const Frame& top);

/// blend_over for the plain, slow and obvious reader; for tests and as benchmark's opponent.
void blend_over_reference(Frame& base, const Frame& top);

}  // namespace scrim
