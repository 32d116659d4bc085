#include "frame/frame.h"

#include <algorithm>
#include <cmath>

#include "frame/color.h"

namespace scrim {

Frame::Frame(int width, int height, ColorTags color_tags)
    : y(width, height),
      u(chroma_size(width), chroma_size(height)),
      v(chroma_size(width), chroma_size(height)),
      tags(color_tags) {}

YuvColor yuv_of_rgb(int r, int g, int b, ColorTags tags) {
    const auto m = rgb_to_yuv(tags);
    const auto row = [&](std::size_t i) {
        const double value = m[i][0] * r + m[i][1] * g + m[i][2] * b + m[i][3];
        return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
    };
    return {row(0), row(1), row(2)};
}

Frame solid_frame(int width, int height, ColorTags tags, YuvColor color, std::uint8_t alpha) {
    Frame frame;
    frame.y = Plane::filled(width, height, color.y);
    frame.u = Plane::filled(chroma_size(width), chroma_size(height), color.u);
    frame.v = Plane::filled(chroma_size(width), chroma_size(height), color.v);
    if (alpha != 255) frame.alpha = Plane::filled(width, height, alpha);
    frame.tags = tags;
    return frame;
}

}  // namespace scrim
