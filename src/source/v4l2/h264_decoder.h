#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "frame/av_convert.h"
#include "frame/captured.h"

namespace scrim {

/// Decodes the H.264 of a camera: each buffer is one picture, or the parameters for those that
/// follow. One thread of libavcodec and low delay, so that each picture comes out at once.
///
/// A picture that is broken, or whose predecessor is missing, is not shown, nor is anything after
/// it until the next picture that stands by itself: a decoder that goes on shows grey garbage.
class H264Decoder {
  public:
    /// Throws Error where libavcodec has no decoder for H.264.
    H264Decoder(int width, int height);

    /// Feeds one buffer. Nothing = no picture came of it. `sequence` and `captured` are handed on.
    std::optional<Captured> decode(std::span<const std::uint8_t> packet, std::uint64_t sequence,
                                   Time captured);

    /// A buffer is missing between the last one and the next.
    void lose();

    /// How many pictures came of nothing: broken ones, and those that were waited through.
    std::uint64_t lost() const { return lost_; }

  private:
    std::optional<Captured> receive(std::uint64_t sequence, Time captured);

    int width_;
    int height_;
    AvCodecContext codec_;
    AvPacket packet_;
    FrameConverter converter_;
    bool waits_for_key_ = true;
    std::uint64_t lost_ = 0;
};

}  // namespace scrim
