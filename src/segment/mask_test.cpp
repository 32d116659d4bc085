#include "segment/mask.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// A mask as plain rows of numbers, for the plain versions.
struct Grid {
    int width, height;
    std::vector<int> values;

    Grid(int w, int h) : width(w), height(h), values(static_cast<std::size_t>(w * h)) {}
    explicit Grid(const Plane& plane) : Grid(plane.width(), plane.height()) {
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x)
                at(x, y) = plane.row(y)[x];
        }
    }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(x);
    }
    int& at(int x, int y) { return values[index(x, y)]; }
    int at(int x, int y) const { return values[index(x, y)]; }
};

Plane random_plane(int width, int height, unsigned seed) {
    std::mt19937 random(seed);
    Plane plane(width, height);
    for (int y = 0; y < height; ++y) {
        std::generate_n(plane.writable_row(y), width,
                        [&] { return static_cast<std::uint8_t>(random() >> 24U); });
    }
    return plane;
}

/// All pixels of the square around each pixel, folded into one. Even squares reach further to the
/// left and up.
Grid over_squares(const Grid& grid, int side,
                  const std::function<int(const std::vector<int>&)>& fold, bool reflect) {
    const auto reflected = [](int i, int length) {
        if (length == 1) return 0;
        while (i < 0 || i >= length)
            i = i < 0 ? -i : 2 * length - 2 - i;
        return i;
    };
    Grid result(grid.width, grid.height);
    for (int y = 0; y < grid.height; ++y) {
        for (int x = 0; x < grid.width; ++x) {
            std::vector<int> square;
            for (int dy = -(side / 2); dy < side - side / 2; ++dy) {
                for (int dx = -(side / 2); dx < side - side / 2; ++dx) {
                    const bool inside =
                        x + dx >= 0 && x + dx < grid.width && y + dy >= 0 && y + dy < grid.height;
                    if (inside || reflect) {
                        square.push_back(
                            grid.at(reflected(x + dx, grid.width), reflected(y + dy, grid.height)));
                    }
                }
            }
            result.at(x, y) = fold(square);
        }
    }
    return result;
}

int maximum(const std::vector<int>& v) {
    return *std::max_element(v.begin(), v.end());
}
int minimum(const std::vector<int>& v) {
    return *std::min_element(v.begin(), v.end());
}
int mean(const std::vector<int>& v) {
    double sum = 0;
    for (const int value : v)
        sum += value;
    return static_cast<int>(std::lround(sum / static_cast<double>(v.size())));
}

Grid interpolated(const Grid& grid, int width, int height) {
    const auto position = [](int i, int from, int to) {
        return std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
    };
    Grid result(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double sx = position(x, grid.width, width);
            const double sy = position(y, grid.height, height);
            const int x0 = static_cast<int>(sx);
            const int y0 = static_cast<int>(sy);
            const int x1 = std::min(x0 + 1, grid.width - 1);
            const int y1 = std::min(y0 + 1, grid.height - 1);
            const double wx = sx - x0;
            const double wy = sy - y0;
            const double value = (grid.at(x0, y0) * (1 - wx) + grid.at(x1, y0) * wx) * (1 - wy) +
                                 (grid.at(x0, y1) * (1 - wx) + grid.at(x1, y1) * wx) * wy;
            result.at(x, y) = static_cast<int>(std::lround(value));
        }
    }
    return result;
}

void expect_equal(const Plane& mask, const Grid& expected, int tolerance = 0) {
    ASSERT_EQ(mask.width(), expected.width);
    ASSERT_EQ(mask.height(), expected.height);
    const Grid have(mask);
    for (std::size_t i = 0; i < have.values.size(); ++i) {
        ASSERT_NEAR(have.values[i], expected.values[i], tolerance) << "pixel " << i;
    }
}

Config plain_config() {
    Config config;
    config.average_masks = 1;
    return config;
}

TEST(MaskRefiner, FrameSizedScorePassesUnchangedAndUncopied) {
    const Plane plane = random_plane(33, 17, 1);
    MaskRefiner refiner(plain_config(), false, 33, 17);
    const Plane mask = refiner.refine(plane);
    EXPECT_TRUE(mask.shares_pixels_with(plane));
    expect_equal(mask, Grid(plane));
}

TEST(MaskRefiner, InterpolatesBetweenPixelCentres) {
    for (const auto& [w, h] : {std::pair{64, 36}, {61, 35}, {1, 1}, {160, 90}, {33, 5}}) {
        const Plane plane = random_plane(16, 9, 2);
        MaskRefiner refiner(plain_config(), false, w, h);
        expect_equal(refiner.refine(plane), interpolated(Grid(plane), w, h), 1);
    }
}

TEST(MaskRefiner, HardScoreIsCutAboveTheThreshold) {
    Plane plane(256, 1);
    for (int i = 0; i < 256; ++i)
        plane.writable()[i] = static_cast<std::uint8_t>(i);
    for (const auto& [threshold, first] :
         {std::pair{0.75, 192}, {0.6, 154}, {0.0, 1}, {1.0, 256}}) {
        Config config = plain_config();
        config.segmentation_threshold = threshold;
        MaskRefiner refiner(config, true, 256, 1);
        const Plane mask = refiner.refine(plane);
        for (int i = 0; i < 256; ++i) {
            EXPECT_EQ(mask.data()[i], i >= first ? 255 : 0) << i << " at " << threshold;
        }
        // The score belongs to somebody else.
        EXPECT_EQ(plane.data()[100], 100);
    }
}

TEST(MaskRefiner, HardScoreIsScaledBeforeItIsCut) {
    const Plane plane = random_plane(16, 9, 3);
    Config config = plain_config();
    config.segmentation_threshold = 0.5;
    MaskRefiner refiner(config, true, 160, 90);
    const Grid mask(refiner.refine(plane));
    const Grid scaled = interpolated(Grid(plane), 160, 90);
    for (std::size_t i = 0; i < mask.values.size(); ++i) {
        if (std::abs(scaled.values[i] - 127) <= 1) continue;  // rounding decides
        EXPECT_EQ(mask.values[i], scaled.values[i] > 127 ? 255 : 0);
    }
}

TEST(MaskRefiner, AveragesTheLastMasks) {
    for (const bool hard : {false, true}) {
        Config config = plain_config();
        config.average_masks = 3;
        config.segmentation_threshold = 0.5;
        MaskRefiner refiner(config, hard, 20, 10);
        std::vector<Grid> last;
        for (unsigned frame = 0; frame < 6; ++frame) {
            const Plane plane = random_plane(20, 10, frame + 10);
            Grid grid(plane);
            if (hard) {
                for (int& value : grid.values)
                    value = value > 127 ? 255 : 0;
            }
            last.push_back(grid);
            if (last.size() > 3) last.erase(last.begin());
            Grid expected(20, 10);
            for (std::size_t i = 0; i < expected.values.size(); ++i) {
                std::vector<int> same_pixel;
                same_pixel.reserve(last.size());
                for (const Grid& one : last)
                    same_pixel.push_back(one.values[i]);
                expected.values[i] = mean(same_pixel);
            }
            // Halves may be rounded either way.
            expect_equal(refiner.refine(plane), expected, last.size() == 2 ? 1 : 0);
        }
    }
}

TEST(MaskRefiner, ResetAndAnotherSizeForgetTheMasksBefore) {
    Config config = plain_config();
    config.average_masks = 3;
    MaskRefiner refiner(config, false, 8, 8);
    const Plane black = Plane::filled(8, 8, 0);
    const Plane white = Plane::filled(8, 8, 255);
    refiner.refine(black);
    EXPECT_EQ(refiner.refine(white).data()[0], 128);
    refiner.reset();
    EXPECT_EQ(refiner.refine(white).data()[0], 255);
    refiner.refine(black);
    EXPECT_EQ(refiner.refine(Plane::filled(4, 4, 255)).data()[0], 255);
}

TEST(MaskRefiner, DilatesErodesAndBlursInThisOrder) {
    const Plane plane = random_plane(31, 22, 4);
    for (const int side : {1, 2, 3, 4, 7, 9}) {
        Config config = plain_config();
        config.dilate = side;
        MaskRefiner dilate(config, false, 31, 22);
        const Grid dilated = over_squares(Grid(plane), side, maximum, false);
        expect_equal(dilate.refine(plane), dilated);

        config = plain_config();
        config.erode = side;
        MaskRefiner erode(config, false, 31, 22);
        expect_equal(erode.refine(plane), over_squares(Grid(plane), side, minimum, false));

        config = plain_config();
        config.blur = side;
        MaskRefiner blur(config, false, 31, 22);
        expect_equal(blur.refine(plane), over_squares(Grid(plane), side, mean, true), 1);

        config.dilate = side;
        config.erode = 3;
        config.blur = 5;
        MaskRefiner all(config, false, 31, 22);
        expect_equal(all.refine(plane),
                     over_squares(over_squares(dilated, 3, minimum, false), 5, mean, true), 1);
        EXPECT_EQ(Grid(plane).values, Grid(random_plane(31, 22, 4)).values);
    }
}

TEST(MaskRefiner, TakesSizesLargerThanThePicture) {
    Config config = plain_config();
    config.dilate = 101;
    config.erode = 101;
    config.blur = 101;
    for (const auto& [w, h] : {std::pair{1, 1}, {2, 3}, {64, 48}}) {
        MaskRefiner refiner(config, false, w, h);
        const Plane mask = refiner.refine(random_plane(16, 9, 5));
        EXPECT_EQ(mask.width(), w);
        EXPECT_EQ(mask.height(), h);
    }
}

}  // namespace
}  // namespace scrim
