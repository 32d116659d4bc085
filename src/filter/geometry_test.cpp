// roll, move, zoom and affine against the plain definition: look up each output pixel at full
// resolution, then take the mean of what is shown in each 2x2 for chroma.

#include <cmath>
#include <functional>
#include <optional>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"
#include "frame/color.h"

namespace scrim {
namespace {

using test::filtered;

struct Point {
    int x, y;
};
/// The input pixel that an output pixel shows; nothing = transparent.
using Lookup = std::function<std::optional<Point>(int x, int y)>;

void expect_shown(const Frame& in, const Frame& out, const Lookup& lookup) {
    const double black = levels(in.tags.range).luma_offset;
    bool all = true;
    for (int y = 0; y < in.height(); ++y) {
        for (int x = 0; x < in.width(); ++x) {
            const auto from = lookup(x, y);
            all = all && from;
            ASSERT_EQ(out.y.row(y)[x], from ? in.y.row(from->y)[from->x] : black) << x << "," << y;
            const int alpha = !from ? 0 : in.opaque() ? 255 : in.alpha.row(from->y)[from->x];
            ASSERT_EQ(out.opaque() ? 255 : out.alpha.row(y)[x], alpha) << x << "," << y;
        }
    }
    EXPECT_EQ(out.opaque(), in.opaque() && all);
    for (int y = 0; y < in.u.height(); ++y) {
        for (int x = 0; x < in.u.width(); ++x) {
            double u = 0;
            double v = 0;
            int count = 0;
            for (int i = 0; i < 4; ++i) {
                const int at_x = 2 * x + i % 2;
                const int at_y = 2 * y + i / 2;
                if (at_x >= in.width() || at_y >= in.height()) continue;
                if (const auto from = lookup(at_x, at_y)) {
                    const int from_x = from->x / 2;
                    const int from_y = from->y / 2;
                    u += in.u.row(from_y)[from_x];
                    v += in.v.row(from_y)[from_x];
                    ++count;
                }
            }
            ASSERT_NEAR(out.u.row(y)[x], count == 0 ? 128 : u / count, 0.5) << x << "," << y;
            ASSERT_NEAR(out.v.row(y)[x], count == 0 ? 128 : v / count, 0.5) << x << "," << y;
        }
    }
}

/// At an even and an odd size, opaque and not, in both ranges.
void expect_lookup(const std::string& filter,
                   const std::function<Lookup(int width, int height)>& lookup,
                   std::uint64_t index = 0) {
    for (const auto& [width, height] : {std::pair{64, 36}, {37, 21}, {1, 1}, {130, 3}, {2, 75}}) {
        for (const bool opaque : {true, false}) {
            SCOPED_TRACE(fmt::format("{} {}x{} {}", filter, width, height, opaque));
            const Range range = opaque ? Range::limited : Range::full;
            Frame in = test::noise_frame(width, height, 7, {Matrix::bt601, range});
            if (!opaque) in.alpha = test::noise(width, height, 8);
            Frame out = in;
            FrameContext context;
            context.index = index;
            test::filter_of(filter, in)->apply(out, context);
            expect_shown(in, out, lookup(width, height));
        }
    }
}

int wrapped(long i, int size) {
    return static_cast<int>((i % size + size) % size);
}

Lookup rolled(int width, int height, long x_shift, long y_shift) {
    return [=](int x, int y) {
        return Point{wrapped(x - x_shift, width), wrapped(y - y_shift, height)};
    };
}

Lookup cut(int width, int height, int x_shift, int y_shift) {
    return [=](int x, int y) -> std::optional<Point> {
        const Point from{x - x_shift, y - y_shift};
        if (from.x < 0 || from.x >= width || from.y < 0 || from.y >= height) return std::nullopt;
        return from;
    };
}

TEST(Roll, GrowsByTheSpeedEveryFrame) {
    for (const auto& [x, y] : {std::pair{6, 2}, {1, 0}, {0, -1}, {-3, 5}, {-1000, 16384}}) {
        for (const long index : {0, 1, 4, 100'000}) {
            expect_lookup(
                fmt::format(R"(["roll", {}, {}])", x, y),
                [&, x = x, y = y](int width, int height) {
                    return rolled(width, height, x * (index + 1), y * (index + 1));
                },
                static_cast<std::uint64_t>(index));
        }
    }
}

TEST(Roll, ComesBackAfterALifetime) {
    const std::uint64_t last = ~std::uint64_t{0};  // + 1 = 0
    expect_lookup(R"(["roll", 7, 3])",
                  [](int width, int height) { return rolled(width, height, 0, 0); }, last);
}

TEST(Roll, IsStillWithoutSpeed) {
    const Frame frame = test::noise_frame(8, 8, 5);
    EXPECT_FALSE(test::filter_of(R"(["roll", 0, 0])", frame)->traits().changes);
    EXPECT_TRUE(test::filter_of(R"(["roll", 0, 1])", frame)->traits().changes);
    EXPECT_TRUE(filtered(R"(["roll", 0, 0])", frame).y.shares_pixels_with(frame.y));
}

TEST(Move, Wraps) {
    for (const auto& [x, y] : {std::pair{32, 24}, {1, 1}, {-5, 2}, {0, -7}, {999999, -1000000}}) {
        expect_lookup(
            fmt::format(R"(["move", {}, {}])", x, y),
            [x = x, y = y](int width, int height) { return rolled(width, height, x, y); });
    }
}

TEST(Move, CutsOff) {
    for (const auto& [x, y] : {std::pair{12, 8}, {1, 1}, {-5, 2}, {0, -7}, {-36, 0}, {500, -1}}) {
        expect_lookup(fmt::format(R"(["move", {}, {}, {{periodic: false}}])", x, y),
                      [x = x, y = y](int width, int height) { return cut(width, height, x, y); });
    }
}

TEST(Move, TakesShares) {
    expect_lookup(R"(["move", 0.5, -0.3, true])", [](int width, int height) {
        return rolled(width, height, static_cast<int>(0.5 * width),
                      static_cast<int>(-0.3 * height));
    });
    expect_lookup(R"(["move", [-0.26, 1.5, true, false]])", [](int width, int height) {
        return cut(width, height, static_cast<int>(-0.26 * width), static_cast<int>(1.5 * height));
    });
}

Lookup zoomed(int width, int height, double horizontal, double vertical) {
    const auto along = [](int i, int size, double factor) {
        const double wanted = std::nearbyint(size * factor);
        if (i >= wanted) return -1;
        const double step = wanted > 1 ? (size - 1) / (wanted - 1) : 1;
        return static_cast<int>(std::floor(i * step + 0.5));
    };
    return [=](int x, int y) -> std::optional<Point> {
        const Point from{along(x, width, horizontal), along(y, height, vertical)};
        if (from.x < 0 || from.y < 0) return std::nullopt;
        return from;
    };
}

TEST(Zoom, ScalesFromTheTopLeftCorner) {
    for (const double factor : {0.5, 0.25, 1.0, 1.5, 2.0, 3.7, 0.01, 0.0, 16384.0}) {
        expect_lookup(fmt::format(R"(["zoom", {}])", factor),
                      [=](int width, int height) { return zoomed(width, height, factor, factor); });
        expect_lookup(fmt::format(R"(["zoom", {}, 0.8, false])", factor),
                      [=](int width, int height) { return zoomed(width, height, factor, 0.8); });
    }
}

/// Of 5 pixels 10 are made: the first and the last stay where they are.
TEST(Zoom, KeepsTheCentresOfTheOutermostPixels) {
    Frame frame = solid_frame(10, 2, {}, {16, 128, 128});
    for (int x = 0; x < 10; ++x)
        frame.y.writable_row(0)[x] = static_cast<std::uint8_t>(100 + x);
    const Frame half = filtered(R"(["zoom", 0.5])", frame);
    const int expected[] = {100, 102, 105, 107, 109};  // 0, 2.25, 4.5, 6.75, 9
    for (int x = 0; x < 5; ++x)
        EXPECT_EQ(half.y.row(0)[x], expected[x]) << x;
}

Lookup transformed(int width, int height, const double (&m)[4], double dy, double dx) {
    return [=](int x, int y) -> std::optional<Point> {
        const double from_y = dy + m[0] * y + m[1] * x;
        const double from_x = dx + m[2] * y + m[3] * x;
        if (from_x < 0 || from_x > width - 1 || from_y < 0 || from_y > height - 1)
            return std::nullopt;
        return Point{static_cast<int>(std::floor(from_x + 0.5)),
                     static_cast<int>(std::floor(from_y + 0.5))};
    };
}

TEST(Affine, ShowsMatrixTimesPointPlusOffset) {
    constexpr double matrices[][4] = {
        {1, 0, 0, 1},      {1.4, 0.2, -0.1, 1.3}, {0.7, -0.7, 0.7, 0.7}, {0, 1, 1, 0},
        {-1, 0, 0, -1},    {0.1, 0, 0, 0.1},      {0, 0, 0, 0},          {1, 1, 1, 1},
        {1e6, 0, 0, -1e6}, {0.5, 1e-6, 0, 2},
    };
    for (const auto& m : matrices) {
        for (const auto& [dy, dx] : {std::pair{0.0, 0.0}, {-3.0, 5.0}, {20.5, 0.25}, {1e6, -1e6}}) {
            expect_lookup(
                fmt::format(R"(["affine", [[{}, {}], [{}, {}]], [{}, {}]])", m[0], m[1], m[2], m[3],
                            dy, dx),
                [&, dy = dy, dx = dx](int w, int h) { return transformed(w, h, m, dy, dx); });
        }
    }
}

TEST(Affine, TakesSharesOfTheFrame) {
    constexpr double m[] = {0.9, -0.3, 0.3, 0.9};
    expect_lookup(
        R"(["affine", {matrix: [[0.9, -0.3], [0.3, 0.9]], offset: [0.25, -0.5], relative: true}])",
        [&](int w, int h) { return transformed(w, h, m, 0.25 * h, -0.5 * w); });
}

TEST(Affine, CopiesNothingByDefault) {
    const Frame frame = test::noise_frame(9, 8, 5);
    EXPECT_TRUE(filtered(R"(["affine"])", frame).u.shares_pixels_with(frame.u));
}

TEST(Affine, ExplainsWhatItTakes) {
    const Frame frame = test::noise_frame(8, 8, 5);
    for (const char* const wrong :
         {R"(["affine", {matrix: 3}])", R"(["affine", {matrix: [[1, 0], [0]]}])",
          R"(["affine", {matrix: [[1, 0], [0, one]]}])", R"(["affine", {offset: [1, 2, 3]}])",
          R"(["affine", {offset: [1, 1e9]}])"}) {
        EXPECT_THROW(test::filter_of(wrong, frame), ConfigError) << wrong;
    }
}

}  // namespace
}  // namespace scrim
