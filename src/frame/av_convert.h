#pragma once

#include <cstdint>
#include <vector>

#include "frame/ffmpeg.h"
#include "frame/picture.h"

namespace scrim {

/// The decoded picture as 8-bit R, G, B, A. RGB and grey formats of any depth and order are taken
/// over exactly (more than 8 bits: rounded); YUV goes through swscale with the picture's own tags.
Picture rgba_of(const AVFrame& frame);

/// Turns decoded pictures of one stream into 4:2:0 of one size and tags. Keeps a scaler; belongs to
/// one thread.
class FrameConverter {
  public:
    /// 8-bit 4:2:0 is wrapped, not copied; the frame then keeps the decoder's picture. Alpha is
    /// dropped: a camera picture is opaque. 4:2:2 and 4:4:4 lose chroma by averaging; everything
    /// else, and a picture that is not `width` x `height`, goes through swscale.
    Frame convert(AvFrame picture, int width, int height, ColorTags tags);

  private:
    Frame scaled(const AVFrame& picture, int width, int height, ColorTags tags);
    AvScaler scaler_;
};

}  // namespace scrim
