#pragma once

// The plain way to work on colours, which the filters' quick ways are compared with: every pixel in
// red, green and blue, in floating point, chroma at last.

#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"
#include "frame/color.h"

namespace scrim::test {

/// 0..255, not clamped.
struct Rgb {
    double r, g, b;
};

inline double luma_of(const Rgb& color, Matrix matrix) {
    const auto [red, blue] = luma_weights(matrix);
    return red * color.r + (1 - red - blue) * color.g + blue * color.b;
}

/// A pixel with the chroma that it shares with its neighbours.
inline Rgb rgb_at(const Frame& frame, int x, int y) {
    const Levels l = levels(frame.tags.range);
    const auto [red, blue] = luma_weights(frame.tags.matrix);
    const double luma = (frame.y.row(y)[x] - l.luma_offset) / l.luma_scale;
    const int row = y / 2;
    const int column = x / 2;
    const double u = (frame.u.row(row)[column] - 128) / l.chroma_scale;
    const double v = (frame.v.row(row)[column] - 128) / l.chroma_scale;
    Rgb out{luma + 2 * (1 - red) * v, 0, luma + 2 * (1 - blue) * u};
    out.g = (luma - red * out.r - blue * out.b) / (1 - red - blue);
    return out;
}

inline std::uint8_t rounded(double value) {
    return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// Calls `see(x, y)` for the pixels that share a pixel of chroma.
inline void for_each_sharing(const Frame& frame, int column, int row,
                             const std::function<void(int, int)>& see) {
    for (int y = 2 * row; y < std::min(2 * row + 2, frame.height()); ++y) {
        for (int x = 2 * column; x < std::min(2 * column + 2, frame.width()); ++x)
            see(x, y);
    }
}

/// The picture with these colours; chroma is the mean over its pixels.
inline Frame frame_of(int width, int height, ColorTags tags,
                      const std::function<Rgb(int, int)>& color_at) {
    Frame frame(width, height, tags);
    const YuvMatrix m = rgb_to_yuv(tags);
    for (int row = 0; row < frame.u.height(); ++row) {
        for (int column = 0; column < frame.u.width(); ++column) {
            std::array<double, 2> chroma{};
            int count = 0;
            for_each_sharing(frame, column, row, [&](int x, int y) {
                const Rgb c = color_at(x, y);
                const auto value = [&](std::size_t i) {
                    return m[i][0] * c.r + m[i][1] * c.g + m[i][2] * c.b + m[i][3];
                };
                frame.y.writable_row(y)[x] = rounded(value(0));
                chroma[0] += value(1);
                chroma[1] += value(2);
                ++count;
            });
            frame.u.writable_row(row)[column] = rounded(chroma[0] / count);
            frame.v.writable_row(row)[column] = rounded(chroma[1] / count);
        }
    }
    return frame;
}

inline constexpr std::pair<int, int> odd_sizes[] = {{1, 1},  {1, 2},   {2, 1},   {3, 5},
                                                    {16, 8}, {37, 23}, {130, 34}};
inline constexpr ColorTags all_tags[] = {{Matrix::bt601, Range::limited},
                                         {Matrix::bt601, Range::full},
                                         {Matrix::bt709, Range::limited},
                                         {Matrix::bt709, Range::full}};

/// Pictures of all those sizes and tags, with rows further apart than they need to be and alpha.
inline void for_each_noise_frame(const std::function<void(const Frame&)>& see) {
    for (const auto& [width, height] : odd_sizes) {
        for (const ColorTags tags : all_tags) {
            Frame frame = noise_frame(width, height, 7, tags);
            frame.alpha = noise(width, height, 11);
            SCOPED_TRACE(fmt::format("{}x{}, {}, {}", width, height,
                                     tags.matrix == Matrix::bt601 ? "BT.601" : "BT.709",
                                     tags.range == Range::full ? "full" : "limited"));
            see(borrowed(frame, 5));
        }
    }
}

/// The filter must give what `change` makes of every pixel (the frame is for its tags), and leave
/// alpha alone.
inline void expect_pixels(const std::string& yaml, int tolerance,
                          const std::function<Rgb(const Rgb&, const Frame&)>& change) {
    SCOPED_TRACE(yaml);
    for_each_noise_frame([&](const Frame& in) {
        const Frame out = filtered(yaml, in);
        Frame expected = frame_of(in.width(), in.height(), in.tags,
                                  [&](int x, int y) { return change(rgb_at(in, x, y), in); });
        expected.alpha = in.alpha;
        EXPECT_LE(difference(out, expected), tolerance);
        EXPECT_TRUE(out.alpha.shares_pixels_with(in.alpha));
    });
}

}  // namespace scrim::test
