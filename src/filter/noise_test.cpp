#include "filter/noise.h"

#include <gtest/gtest.h>

#include "filter/test_rgb.h"

namespace scrim {
namespace {

Frame noisy(const Frame& in, std::uint64_t index) {
    Frame out = in;
    FrameContext context;
    context.index = index;
    test::filter_of(R"(["noise"])", in)->apply(out, context);
    return out;
}

/// Colour everywhere but no white, so that hits are seen.
Frame canvas(int width, int height, ColorTags tags) {
    Frame frame = test::noise_frame(width, height, 3, tags);
    frame.y = Plane::filled(width, height, 100);
    return frame;
}

/// Everything that follows from which pixels were hit.
void expect_white_dots(const Frame& in, const Frame& out) {
    const int white = in.tags.range == Range::full ? 255 : 235;
    const auto hit = [&](int x, int y) { return out.y.row(y)[x] != in.y.row(y)[x]; };
    const auto alpha = [](const Frame& frame, int x, int y) {
        return frame.opaque() ? 255 : frame.alpha.row(y)[x];
    };
    for (int row = 0; row < in.u.height(); ++row) {
        for (int column = 0; column < in.u.width(); ++column) {
            double colored = 0;
            double visible = 0;
            int hits = 0;
            test::for_each_sharing(in, column, row, [&](int x, int y) {
                ASSERT_EQ(out.y.row(y)[x], hit(x, y) ? white : in.y.row(y)[x]);
                ASSERT_EQ(alpha(out, x, y), hit(x, y) ? 255 : alpha(in, x, y));
                colored += hit(x, y) ? 0 : alpha(in, x, y);
                visible += alpha(out, x, y);
                hits += hit(x, y) ? 1 : 0;
            });
            const double share = hits == 0 ? 1 : colored / visible;
            ASSERT_NEAR(out.u.row(row)[column], 128 + (in.u.row(row)[column] - 128) * share, 1);
            ASSERT_NEAR(out.v.row(row)[column], 128 + (in.v.row(row)[column] - 128) * share, 1);
        }
    }
}

TEST(Noise, IsWhiteAndOpaque) {
    for (const auto& [width, height] : test::odd_sizes) {
        for (const ColorTags tags : test::all_tags) {
            Frame in = canvas(width, height, tags);
            for (std::uint64_t index = 0; index < 9; ++index)
                expect_white_dots(in, noisy(in, index));
            in.alpha = test::noise(width, height, 5);
            expect_white_dots(in, noisy(in, 3));
        }
    }
}

int hits_in(const Frame& frame, int first_row, int row_step, int first_column, int column_step) {
    int hits = 0;
    for (int y = first_row; y < frame.height(); y += row_step) {
        for (int x = first_column; x < frame.width(); x += column_step)
            hits += frame.y.row(y)[x] == 235 ? 1 : 0;
    }
    return hits;
}

TEST(Noise, HitsFivePercentEverywhere) {
    const Frame in = canvas(640, 480, {});
    for (std::uint64_t index = 0; index < 5; ++index) {
        const Frame out = noisy(in, index);
        EXPECT_NEAR(hits_in(out, 0, 1, 0, 1) / (640.0 * 480), 0.05, 0.002);
        for (int i = 0; i < 4; ++i) {
            EXPECT_NEAR(hits_in(out, i, 4, 0, 1) / (640.0 * 120), 0.05, 0.004) << i;
            EXPECT_NEAR(hits_in(out, 0, 1, i, 4) / (160.0 * 480), 0.05, 0.004) << i;
        }
    }
}

TEST(Noise, IsNewInEveryFrameAndTheSameAgain) {
    const Frame in = canvas(640, 480, {});
    EXPECT_EQ(test::difference(noisy(in, 7), noisy(in, 7)), 0);
    const Frame a = noisy(in, 7);
    const Frame b = noisy(in, 8);
    int both = 0;
    for (int y = 0; y < 480; ++y) {
        for (int x = 0; x < 640; ++x)
            both += a.y.row(y)[x] == 235 && b.y.row(y)[x] == 235 ? 1 : 0;
    }
    EXPECT_NEAR(both, 640 * 480 * 0.05 * 0.05, 150);
}

}  // namespace
}  // namespace scrim
