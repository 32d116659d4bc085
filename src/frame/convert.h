#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "frame/captured.h"
#include "frame/frame.h"
#include "util/error.h"

namespace scrim {

class JpegDecoder;

/// A captured picture that cannot be decoded (a broken JPEG, a wrong size): lost is this frame
/// only.
class DecodeError : public Error {
  public:
    using Error::Error;
};

/// Turns what a source delivered into a Frame. yu12 is wrapped, not copied (the frame then holds
/// the source's memory until its planes are dropped or written); everything else goes through
/// libyuv, JPEG through libjpeg-turbo straight into the planes. 4:2:2 and 4:4:4 lose chroma lines
/// or pixels by averaging. One Decoder belongs to one thread; it keeps scratch memory.
class Decoder {
  public:
    Decoder();
    ~Decoder();
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;

    /// Throws DecodeError. JPEG pictures that are cut or damaged are errors, never half a picture.
    Frame decode(const Captured& captured);

    /// Half the width and height would cost more than the rest of the picture.
    static constexpr int least_shrink = 4;
    /// The first part of decoding a JPEG picture: it at 1/4 or 1/8 of its width and height, rounded
    /// up, each pixel about the mean of those that it stands for. Throws as decode() does.
    Frame thumbnail(const Captured& captured, int shrink);
    /// The other part: the picture that thumbnail() was asked for last, whole. Together they cost
    /// hardly more than decode(). Once; it may be called on another thread, before anything else is
    /// decoded.
    Frame rest();

  private:
    JpegDecoder& jpeg();

    std::unique_ptr<JpegDecoder> jpeg_;
};

/// The frame in other colour tags; the same frame, uncopied, where they agree already. Alpha stays.
/// Pixels that nobody else holds are changed in place.
Frame with_tags(Frame frame, ColorTags tags);

/// The frame in another size, its shape kept: in the middle of black bars where the shapes differ.
/// The same frame, uncopied, where the size agrees already. It must be opaque.
Frame fitted(const Frame& frame, int width, int height);

/// Packed or planar pixels out of a frame, alpha ignored, no range conversion. `stride` in bytes.
void to_yuyv(const Frame& frame, std::uint8_t* out, int stride);
void to_nv12(const Frame& frame, std::uint8_t* y, int y_stride, std::uint8_t* uv, int uv_stride);
void to_yu12(const Frame& frame, std::uint8_t* y, int y_stride, std::uint8_t* u, int u_stride,
             std::uint8_t* v, int v_stride);
/// R, G, B (alpha: R, G, B, A) in memory. Chroma is repeated, not interpolated, so that the way
/// back gives the same chroma.
void to_rgb24(const Frame& frame, std::uint8_t* out, int stride);
void to_rgba(const Frame& frame, std::uint8_t* out, int stride);

/// From R, G, B(, A) in memory. Chroma is the mean of its four pixels, weighted by alpha so that
/// the colour of invisible pixels does not bleed. An all-opaque picture gets no alpha plane.
Frame from_rgb24(const std::uint8_t* rgb, int stride, int width, int height, ColorTags tags);
Frame from_rgba(const std::uint8_t* rgba, int stride, int width, int height, ColorTags tags);

}  // namespace scrim
