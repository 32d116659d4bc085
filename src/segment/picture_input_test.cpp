#include "segment/picture_input.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// Of a grey picture in full range each network pixel is the mean of its box.
TEST(PictureInput, IsTheMeanOfWhatEachPixelCovers) {
    struct Case {
        int width, height, network_width, network_height;
    };
    std::minstd_rand random(3);
    for (const Case c : {Case{1280, 720, 256, 144}, Case{320, 180, 32, 18}, Case{30, 30, 30, 30},
                         Case{101, 57, 10, 9}}) {
        Frame frame(c.width, c.height, {Matrix::bt601, Range::full});
        frame.u = Plane::filled(frame.u.width(), frame.u.height(), 128);
        frame.v = frame.u;
        for (int y = 0; y < c.height; ++y) {
            for (int x = 0; x < c.width; ++x)
                frame.y.writable_row(y)[x] = static_cast<std::uint8_t>(random() >> 8);
        }
        PictureInput input(c.network_width, c.network_height, {1.0, {}});
        std::vector<float> rgb(static_cast<std::size_t>(c.network_width) *
                               static_cast<std::size_t>(c.network_height) * 3);
        input.fill(frame, rgb);
        std::size_t i = 0;
        for (int y = 0; y < c.network_height; ++y) {
            const int top = y * c.height / c.network_height;
            const int bottom = (y + 1) * c.height / c.network_height;
            for (int x = 0; x < c.network_width; ++x) {
                const int left = x * c.width / c.network_width;
                const int right = (x + 1) * c.width / c.network_width;
                double sum = 0;
                for (int row = top; row < bottom; ++row) {
                    for (int column = left; column < right; ++column)
                        sum += frame.y.row(row)[column];
                }
                const double mean = sum / ((bottom - top) * (right - left));
                for (int channel = 0; channel < 3; ++channel)
                    ASSERT_NEAR(rgb.at(i++), mean, 2.0);
            }
        }
    }
}

}  // namespace
}  // namespace scrim
