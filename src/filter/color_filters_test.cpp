// The filters that change the colour of each pixel by itself.

#include <gtest/gtest.h>

#include "filter/test_rgb.h"

namespace scrim {
namespace {

using test::expect_pixels;
using test::filtered;
using test::Rgb;

TEST(BrightnessContrast, IsALineOnEachChannel) {
    for (const auto& [brightness, contrast] :
         {std::pair(0.1, 1.0), {-0.25, 1.0}, {0.0, 0.5}, {0.0, 1.7}, {0.2, 1.3}, {0.0, 0.0}}) {
        const auto line = [b = brightness, c = contrast](double value) {
            return (value - 127.5) * c + 127.5 + 255 * b;
        };
        expect_pixels(fmt::format(R"(["brightness_contrast", {}, {}])", brightness, contrast), 1,
                      [&](const Rgb& in, const Frame&) {
                          return Rgb{line(in.r), line(in.g), line(in.b)};
                      });
    }
}

TEST(BrightnessContrast, CopiesNothingThatStays) {
    const Frame frame = test::noise_frame(8, 8, 5);
    EXPECT_TRUE(filtered(R"(["brightness_contrast"])", frame).y.shares_pixels_with(frame.y));
    EXPECT_TRUE(filtered(R"(["brightness_contrast", 0.5])", frame).u.shares_pixels_with(frame.u));
}

TEST(Saturation, ScalesTheDistanceFromGrey) {
    for (const double factor : {0.0, 0.5, 1.0, 1.4, 3.0}) {
        expect_pixels(fmt::format(R"(["saturation", {}])", factor), 1,
                      [&](const Rgb& in, const Frame& frame) {
                          const double grey = test::luma_of(in, frame.tags.matrix);
                          const auto away = [&](double value) {
                              return grey + factor * (value - grey);
                          };
                          return Rgb{away(in.r), away(in.g), away(in.b)};
                      });
    }
}

TEST(ColorFilter, MultipliesEachChannel) {
    for (const auto& [r, g, b] : {std::array{120.0, 255.0, 200.0},
                                  {255.0, 0.0, 0.0},
                                  {0.0, 255.0, 0.0},
                                  {0.0, 0.0, 255.0},
                                  {0.0, 0.0, 0.0},
                                  {255.0, 255.0, 255.0},
                                  {300.0, 127.5, 1020.0}}) {
        const auto factors = std::array{r / 255, g / 255, b / 255};
        expect_pixels(fmt::format(R"(["color_filter", {}, {}, {}])", r, g, b), 2,
                      [&](const Rgb& in, const Frame&) {
                          return Rgb{in.r * factors[0], in.g * factors[1], in.b * factors[2]};
                      });
    }
}

TEST(ColorFilter, CopiesNothingByDefault) {
    const Frame frame = test::noise_frame(8, 8, 5);
    EXPECT_TRUE(filtered(R"(["color_filter"])", frame).y.shares_pixels_with(frame.y));
}

TEST(Colorize, IsLumaTimesAColour) {
    for (const auto& [r, g, b] : {std::array{255, 180, 60},
                                  {255, 255, 255},
                                  {0, 0, 0},
                                  {0, 0, 255},
                                  {255, 0, 0},
                                  {0, 255, 0}}) {
        const Rgb color{r / 255.0, g / 255.0, b / 255.0};
        expect_pixels(fmt::format(R"(["colorize", {}, {}, {}])", r, g, b), 1,
                      [&](const Rgb& in, const Frame& frame) {
                          const double grey = test::luma_of(in, frame.tags.matrix);
                          return Rgb{grey * color.r, grey * color.g, grey * color.b};
                      });
    }
}

double power(double value, double gamma) {
    return 255 * std::pow(std::clamp(value, 0.0, 255.0) / 255, 1 / gamma);
}

/// Meant is the curve on each channel; where colours are not too strong it must come close.
TEST(Gamma, LooksLikeTheCurveOnEachChannel) {
    for (const double gamma : {0.6, 0.8, 1.3, 1.6}) {
        for (const ColorTags tags : test::all_tags) {
            const auto color_at = [](int x, int y) {
                const double grey = 60 + x + (x * y) % 11;
                return Rgb{grey + 25 * std::sin(y / 9.0), grey, grey + 25 * std::cos(y / 7.0)};
            };
            const Frame in = test::frame_of(129, 67, tags, color_at);
            const Frame expected = test::frame_of(129, 67, tags, [&](int x, int y) {
                const Rgb c = color_at(x, y);
                return Rgb{power(c.r, gamma), power(c.g, gamma), power(c.b, gamma)};
            });
            const Frame out = filtered(fmt::format(R"(["gamma", {}])", gamma), in);
            EXPECT_GE(test::psnr(out.y, expected.y), 46) << gamma;
            EXPECT_GE(test::psnr(out.u, expected.u), 46) << gamma;
            EXPECT_GE(test::psnr(out.v, expected.v), 46) << gamma;
        }
    }
}

/// What it does in exact terms: luma by the curve, chroma by the curve's slope over 16 steps to
/// both sides of the mean luma.
TEST(Gamma, FollowsLuma) {
    const double gamma = 1.4;
    test::for_each_noise_frame([&](const Frame& in) {
        const Levels l = levels(in.tags.range);
        const auto curve = [&](double luma) {
            const double light = std::max(luma - l.luma_offset, 0.0) / l.luma_scale / 255;
            return l.luma_offset + l.luma_scale * 255 * std::pow(light, 1 / gamma);
        };
        Frame expected(in.width(), in.height(), in.tags);
        expected.alpha = in.alpha;
        for (int row = 0; row < in.u.height(); ++row) {
            for (int column = 0; column < in.u.width(); ++column) {
                double sum = 0;
                int count = 0;
                test::for_each_sharing(in, column, row, [&](int x, int y) {
                    expected.y.writable_row(y)[x] = test::rounded(curve(in.y.row(y)[x]));
                    sum += in.y.row(y)[x];
                    ++count;
                });
                const double mean = static_cast<double>(std::lround(sum / count));
                const double slope = (curve(mean + 16) - curve(mean - 16)) / 32;
                const auto scaled = [&](int chroma) {
                    return test::rounded(128 + (chroma - 128) * slope);
                };
                expected.u.writable_row(row)[column] = scaled(in.u.row(row)[column]);
                expected.v.writable_row(row)[column] = scaled(in.v.row(row)[column]);
            }
        }
        EXPECT_LE(test::difference(filtered(R"(["gamma", 1.4])", in), expected), 3);
    });
}

TEST(Gamma, LeavesBlackAndWhite) {
    for (const ColorTags tags : test::all_tags) {
        for (const int value : {0, 255}) {
            const YuvColor color = yuv_of_rgb(value, value, value, tags);
            const Frame frame = solid_frame(9, 7, tags, color);
            EXPECT_EQ(test::difference(filtered(R"(["gamma", 2.2])", frame), frame), 0);
        }
    }
    const Frame frame = test::noise_frame(8, 8, 5);
    EXPECT_TRUE(filtered(R"(["gamma", 1])", frame).y.shares_pixels_with(frame.y));
}

}  // namespace
}  // namespace scrim
