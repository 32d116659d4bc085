#include "frame/jpeg_thumbnail.h"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "util/avx2.h"

namespace scrim {
namespace {

using Four = JpegThumbnail::Four;
using Rows = JpegThumbnail::Rows;

/// The mean over an equal part of a block's eight pixels, the i-th of `size`, of the cosine that
/// the u-th coefficient stands for (ITU-T T.81, A.3.3).
double mean_of_cosine(int size, int i, int u) {
    const int pixels = DCTSIZE / size;
    double sum = 0;
    for (int x = i * pixels; x < (i + 1) * pixels; ++x)
        sum += std::cos((2 * x + 1) * u * std::numbers::pi / (2 * DCTSIZE));
    return (u == 0 ? std::sqrt(0.5) : 1.0) / 2 * sum / pixels;
}

Four pixels(Four values) {
    constexpr float middle = 128.5F;  // and half a level, for rounding
    values += middle;
    values = values > 0.0F ? values : Four{};
    return values < 255.0F ? values : Four{255, 255, 255, 255};
}

SCRIM_AVX2_TOO void write_one(const JpegThumbnail::Weights& weights, const JBLOCK* blocks,
                              int count, const Rows& rows) {
    const Four weight = weights[0];
    for (int i = 0; i < count; ++i) {
        const Four values = pixels(static_cast<float>(blocks[i][0]) * weight);
        rows[0][i] = static_cast<std::uint8_t>(values[0]);
    }
}

SCRIM_AVX2_TOO void write_four(const JpegThumbnail::Weights& weights, const JBLOCK* blocks,
                               int count, const Rows& rows) {
    const auto [mean, across, down, both] = weights;
    for (int i = 0; i < count; ++i) {
        const JCOEF* const first = blocks[i];
        const JCOEF* const second = first + DCTSIZE;
        const Four values =
            pixels(static_cast<float>(first[0]) * mean + static_cast<float>(first[1]) * across +
                   static_cast<float>(second[0]) * down + static_cast<float>(second[1]) * both);
        rows[0][2 * i] = static_cast<std::uint8_t>(values[0]);
        rows[0][2 * i + 1] = static_cast<std::uint8_t>(values[1]);
        rows[1][2 * i] = static_cast<std::uint8_t>(values[2]);
        rows[1][2 * i + 1] = static_cast<std::uint8_t>(values[3]);
    }
}

}  // namespace

JpegThumbnail::JpegThumbnail(int size, const UINT16* steps) : size_(size) {
    std::array<std::array<double, largest>, largest> means{};  // [part][frequency]
    for (int i = 0; i < size * size; ++i)
        means[i / size][i % size] = mean_of_cosine(size, i / size, i % size);
    for (int i = 0; i < size * size; ++i) {
        const int v = i / size;
        const int u = i % size;
        for (int k = 0; k < size * size; ++k) {
            weights_.at(static_cast<std::size_t>(i))[k] = static_cast<float>(
                steps[v * DCTSIZE + u] * means[k / size][v] * means[k % size][u]);
        }
    }
}

void JpegThumbnail::write(const JBLOCK* blocks, int count, const Rows& rows) const {
    (size_ == 1 ? write_one : write_four)(weights_, blocks, count, rows);
}

}  // namespace scrim
