#include "segment/enlarge.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// Bilinear between pixel centres, pixel by pixel.
double exact(const Plane& score, int x, int y, int width, int height) {
    const double at_x = (x + 0.5) * score.width() / width - 0.5;
    const double at_y = (y + 0.5) * score.height() / height - 0.5;
    const double left = std::floor(at_x);
    const double top = std::floor(at_y);
    const auto value = [&](double column, double row) -> double {
        const int c = std::clamp(static_cast<int>(column), 0, score.width() - 1);
        const int r = std::clamp(static_cast<int>(row), 0, score.height() - 1);
        return score.row(r)[c];
    };
    const double share_x = at_x - left;
    const double share_y = at_y - top;
    return (1 - share_y) * ((1 - share_x) * value(left, top) + share_x * value(left + 1, top)) +
           share_y * ((1 - share_x) * value(left, top + 1) + share_x * value(left + 1, top + 1));
}

/// As scores are: wide areas of 0 and 255, and anything between them.
Plane random_score(int width, int height, std::minstd_rand& random) {
    Plane score(width, height);
    const bool noise = random() % 4 == 0;
    std::uint8_t value = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (noise || random() % 7 == 0) {
                const auto any = static_cast<std::uint8_t>(random() >> 8);
                value = any < 90 ? 0 : any < 180 ? 255 : any;
            }
            score.writable_row(y)[x] = value;
        }
    }
    return score;
}

TEST(Enlarger, AgreesWithTheExactValue) {
    std::minstd_rand random(5);
    const auto side = [&random](int most) {
        return 1 + static_cast<int>(random() % unsigned(most));
    };
    for (int round = 0; round < 400; ++round) {
        const Plane score = random_score(side(40), side(40), random);
        const int width = score.width() + side(200) - 1;
        const int height = score.height() + side(120) - 1;
        Enlarger enlarge(width, height);
        const Plane mask = enlarge(score);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                ASSERT_NEAR(mask.row(y)[x], exact(score, x, y, width, height), 1.51)
                    << score.width() << "x" << score.height() << " to " << width << "x" << height;
            }
        }
    }
}

TEST(Enlarger, NobodyStaysNobodyAndAllStaysAll) {
    Enlarger enlarge(1280, 720);
    for (const int value : {0, 255, 1, 254}) {
        const Plane mask = enlarge(Plane::filled(256, 144, static_cast<std::uint8_t>(value)));
        for (int y = 0; y < mask.height(); ++y) {
            for (int x = 0; x < mask.width(); ++x)
                ASSERT_EQ(mask.row(y)[x], value);
        }
    }
}

TEST(Enlarger, TakesScoresOfDifferentSizesInTurn) {
    std::minstd_rand random(6);
    Enlarger enlarge(100, 60);
    for (const int width : {20, 33, 100, 20, 150}) {
        const Plane score = random_score(width, 30, random);
        const Plane mask = enlarge(score);
        EXPECT_EQ(mask.width(), 100);
        EXPECT_EQ(mask.height(), 60);
    }
    const Plane same = random_score(100, 60, random);
    EXPECT_TRUE(enlarge(same).shares_pixels_with(same));
}

}  // namespace
}  // namespace scrim
