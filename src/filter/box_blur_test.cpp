#include "filter/box_blur.h"

#include <random>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using Blur = decltype(box_blur_luma)*;

/// Writes all of the part as blurring the whole plane does, and nothing else.
TEST(BoxBlur, OfAPartIsAPartOfTheWhole) {
    std::minstd_rand random(1);
    const auto below = [&](int end) { return static_cast<int>((random() >> 8) % unsigned(end)); };
    for (int round = 0; round < 2000; ++round) {
        const int width = 1 + below(round % 10 == 0 ? 60 : 8);
        const int height = 1 + below(8);
        const cv::Point begin(below(width), below(height));
        const cv::Rect part(begin,
                            cv::Size(1 + below(width - begin.x), 1 + below(height - begin.y)));
        const cv::Size box(1 + below(9), 1 + below(9));
        const Plane in = test::noise(width, height, static_cast<unsigned>(round));
        for (const Blur blur : {box_blur_luma, box_blur_chroma}) {
            Plane whole(width, height);
            blur(in, whole, {0, 0, width, height}, box);
            Plane out = Plane::filled(width, height, 99);
            blur(in, out, part, box);
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    const int expected = part.contains({x, y}) ? whole.row(y)[x] : 99;
                    ASSERT_EQ(out.row(y)[x], expected) << width << "x" << height << ", box " << box;
                }
            }
        }
    }
}

/// The mean in full precision, the picture mirrored at its edges.
double exact_mean(const Plane& in, int x, int y, cv::Size box) {
    double sum = 0;
    for (int row = y - box.height / 2; row < y - box.height / 2 + box.height; ++row) {
        for (int column = x - box.width / 2; column < x - box.width / 2 + box.width; ++column) {
            sum += in.row(cv::borderInterpolate(
                row, in.height(),
                cv::BORDER_REFLECT_101))[cv::borderInterpolate(column, in.width(),
                                                               cv::BORDER_REFLECT_101)];
        }
    }
    return sum / box.area();
}

TEST(BoxBlur, IsTheMeanOverTheBox) {
    std::minstd_rand random(2);
    const auto below = [&](int end) { return static_cast<int>((random() >> 8) % unsigned(end)); };
    for (int round = 0; round < 60; ++round) {
        const int width = 1 + below(70);
        const int height = 1 + below(30);
        const cv::Size box(1 + below(round % 4 == 0 ? 140 : 30), 1 + below(round % 5 ? 30 : 270));
        Plane in = test::noise(width, height, static_cast<unsigned>(round));
        if (round % 3 == 0) {
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x)
                    in.writable_row(y)[x] = (x / 5 + y / 3) % 2 == 0 ? 255 : 0;
            }
        }
        Plane out(width, height);
        box_blur_luma(test::borrowed(in, round % 7), out, {0, 0, width, height}, box);
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                ASSERT_NEAR(out.row(y)[x], exact_mean(in, x, y, box), 1.0)
                    << width << "x" << height << ", box " << box;
            }
        }
    }
}

TEST(BoxBlur, LeavesOneColourAsItIs) {
    for (int size = 1; size <= 140; size += 3) {
        for (const int value : {0, 1, 127, 254, 255}) {
            const Plane in = Plane::filled(50, 20, static_cast<std::uint8_t>(value));
            Plane out(50, 20);
            box_blur_luma(in, out, {0, 0, 50, 20}, {size, 141 - size});
            for (int x = 0; x < 50; ++x)
                ASSERT_EQ(out.row(11)[x], value) << size;
        }
    }
}

}  // namespace
}  // namespace scrim
