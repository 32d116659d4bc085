// Against the definition: the inverse DCT in double precision, and means of its pixels.

#include "frame/jpeg_thumbnail.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

/// The pixel at x and y of a block of which only size x size coefficients are left, less 128.
double pixel_at(int x, int y, const JCOEF* block, const UINT16* steps, int size) {
    const auto wave = [](int at, int frequency) {
        return (frequency == 0 ? std::sqrt(0.5) : 1.0) *
               std::cos((2 * at + 1) * frequency * std::numbers::pi / 16);
    };
    double sum = 0;
    for (int v = 0; v < size; ++v) {
        for (int u = 0; u < size; ++u) {
            const int i = v * DCTSIZE + u;
            sum += wave(x, u) * wave(y, v) / 4 * block[i] * steps[i];
        }
    }
    return sum;
}

double mean_of(int column, int row, const JCOEF* block, const UINT16* steps, int size) {
    const int side = DCTSIZE / size;
    double sum = 0;
    for (int y = row * side; y < (row + 1) * side; ++y) {
        for (int x = column * side; x < (column + 1) * side; ++x)
            sum += pixel_at(x, y, block, steps, size);
    }
    return std::clamp(128 + sum / (side * side), 0.0, 255.0);
}

class ThumbnailOfBlocks : public testing::TestWithParam<int> {};

/// Whatever a damaged file may say: steps of 16 bits, and any coefficient.
TEST_P(ThumbnailOfBlocks, HasTheMeansOfTheirPixels) {
    constexpr int count = 37;
    const int size = GetParam();
    std::mt19937 random(7);
    for (const int largest : {3, 60, 2000, 65535}) {
        std::vector<UINT16> steps(DCTSIZE2);
        for (UINT16& step : steps)
            step = static_cast<UINT16>(1 + random() % static_cast<unsigned>(largest));
        std::vector<JCOEF> numbers(std::size_t{count} * DCTSIZE2);
        for (JCOEF& number : numbers) {
            const int limit = largest == 65535 ? 32767 : 500 / largest + 1;
            number = static_cast<JCOEF>(static_cast<int>(random() % (2U * limit + 1)) - limit);
        }
        std::vector<std::uint8_t> pixels(std::size_t{2} * 2 * count, 99);
        const std::ptrdiff_t stride = std::ptrdiff_t{2} * count;
        JpegThumbnail(size, steps.data())
            .write(reinterpret_cast<const JBLOCK*>(numbers.data()), count,
                   {pixels.data(), pixels.data() + stride});
        for (int row = 0; row < size; ++row) {
            for (int x = 0; x < size * count; ++x) {
                const JCOEF* const block = numbers.data() + std::ptrdiff_t{x / size} * DCTSIZE2;
                EXPECT_NEAR(pixels[static_cast<std::size_t>(row * stride + x)],
                            mean_of(x % size, row, block, steps.data(), size), 0.51)
                    << "steps to " << largest << ", pixel " << x << " of row " << row;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ThumbnailOfBlocks, testing::Values(1, 2));

}  // namespace
}  // namespace scrim
