#include "filter/stripes.h"

#include <gtest/gtest.h>

#include "filter/test_rgb.h"

namespace scrim {
namespace {

/// The first frame is already moved once; rows above the first stripe stay.
void expect_stripes(int width, double intensity, int speed, std::uint64_t index) {
    SCOPED_TRACE(fmt::format("{} {} {}: frame {}", width, intensity, speed, index));
    test::for_each_noise_frame([&](const Frame& in) {
        const int period = 2 * width;
        const auto moved = static_cast<long long>(index + 1) * speed;
        const auto first = static_cast<int>((moved % period + period) % period);
        const double step = intensity * levels(in.tags.range).luma_scale;
        Frame expected = in;
        for (int y = first; y < in.height(); ++y) {
            const bool dark = (y - first) % period < width;
            for (int x = 0; x < in.width(); ++x) {
                expected.y.writable_row(y)[x] =
                    test::rounded(in.y.row(y)[x] + (dark ? -1.0 : 1.0) * std::round(step));
            }
        }
        Frame out = in;
        FrameContext context;
        context.index = index;
        test::filter_of(fmt::format(R"(["stripes", {}, {}, {}])", width, intensity, speed), in)
            ->apply(out, context);
        EXPECT_EQ(test::difference(out, expected), 0);
        EXPECT_TRUE(out.u.shares_pixels_with(in.u) && out.alpha.shares_pixels_with(in.alpha));
    });
}

TEST(Stripes, AreDarkerAndBrighterInTurn) {
    expect_stripes(8, 24, 1, 0);
    expect_stripes(8, 24, 1, 2);
    expect_stripes(3, 100, 1, 4);
    expect_stripes(1, -30, 0, 1);
    expect_stripes(5, 12.5, 7, 1000003);
    expect_stripes(4, 300 - 45, -3, 1);
    expect_stripes(500, 40, 499, 0);
}

TEST(Stripes, SayWhetherTheyMove) {
    const Frame frame = test::noise_frame(8, 8, 1);
    EXPECT_TRUE(test::filter_of(R"(["stripes"])", frame)->traits().changes);
    EXPECT_FALSE(test::filter_of(R"(["stripes", {speed: 0}])", frame)->traits().changes);
    EXPECT_FALSE(test::filter_of(R"(["stripes", 5, 10, 20])", frame)->traits().changes);
}

}  // namespace
}  // namespace scrim
