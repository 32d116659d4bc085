#include "filter/box_blur.h"

#include <random>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace scrim
