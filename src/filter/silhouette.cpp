#include "filter/silhouette.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

/// The largest of each pixel and those before and behind.
void widen(const std::uint8_t* __restrict in, std::uint8_t* __restrict out, int count) {
    for (int x = 0; x < count; ++x)
        out[x] = std::max(in[x], std::max(in[x - 1], in[x + 1]));
}

void raise(std::uint8_t* __restrict to, const std::uint8_t* __restrict by, int count) {
    for (int x = 0; x < count; ++x)
        to[x] = std::max(to[x], by[x]);
}

/// Where a row is not 0, in whole blocks: [first, last), empty if it is 0 everywhere.
std::pair<int, int> visible_part(const std::uint8_t* row, int width) {
    constexpr int block = 64;
    constexpr std::uint8_t nothing[block] = {};
    int first = width;
    int last = width;
    for (int x = 0; x < width; x += block) {
        const int count = std::min(block, width - x);
        if (std::memcmp(row + x, nothing, static_cast<std::size_t>(count)) == 0) continue;
        first = std::min(first, x);
        last = x + count;
    }
    return {first, last};
}

/// Half the width of a disc's row, `dy` rows from its centre.
int reach(int radius, int dy) {
    return static_cast<int>(std::sqrt((radius + 0.5) * (radius + 0.5) - dy * dy));
}

}  // namespace

/// A disc is a stack of rows, so each input row is widened step by step and raises the output rows
/// as far away as the disc is that wide: about three passes over the visible part of a row for each
/// pixel of the radius, all of them vectorised.
Plane dilated(const Plane& alpha, int radius) {
    if (radius <= 0) return alpha;
    const int width = alpha.width();
    const int height = alpha.height();
    Plane out = Plane::filled(width, height, 0);
    std::uint8_t* const pixels = out.writable();
    // one empty pixel before and behind
    std::vector<std::uint8_t> wide(static_cast<std::size_t>(width) + 2);
    std::vector<std::uint8_t> wider(wide.size());
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* const row = alpha.row(y);
        const auto [first, last] = visible_part(row, width);
        if (first == last) continue;
        const int begin = std::max(first - radius, 0);
        const int end = std::min(last + radius, width);
        std::fill(wide.begin() + begin, wide.begin() + end + 2, std::uint8_t{0});
        std::fill(wider.begin() + begin, wider.begin() + end + 2, std::uint8_t{0});
        std::copy(row + begin, row + end, wide.begin() + begin + 1);
        int reached = 0;
        for (int dy = radius; dy >= 0; --dy) {
            for (const int wanted = reach(radius, dy); reached < wanted; ++reached) {
                widen(wide.data() + begin + 1, wider.data() + begin + 1, end - begin);
                wide.swap(wider);
            }
            for (const int to : {y - dy, y + dy}) {
                if (to < 0 || to >= height) continue;
                raise(pixels + std::ptrdiff_t{out.stride()} * to + begin, wide.data() + begin + 1,
                      end - begin);
            }
        }
    }
    return out;
}

/// Taking means over `factor` pixels and interpolating linearly afterwards are blurs, too: their
/// variance, factor^2 / 4 together, is left out of the Gaussian between.
Plane softened(const Plane& alpha, double sigma) {
    constexpr double too_small = 0.2;
    constexpr int largest_factor = 8;
    if (sigma < too_small) return alpha;
    int factor = 1;
    while (factor < largest_factor && 2 * factor <= sigma)
        factor *= 2;
    Plane out(alpha.width(), alpha.height());
    cv::Mat result = mat_of(out);
    if (factor == 1) {
        cv::GaussianBlur(mat_of(alpha), result, {}, sigma, sigma, cv::BORDER_REPLICATE);
        return out;
    }
    // whole blocks of pixels, the last ones repeated
    const cv::Size whole((alpha.width() + factor - 1) / factor * factor,
                         (alpha.height() + factor - 1) / factor * factor);
    cv::Mat small = mat_of(alpha);
    if (whole != small.size()) {
        cv::copyMakeBorder(mat_of(alpha), small, 0, whole.height - alpha.height(), 0,
                           whole.width - alpha.width(), cv::BORDER_REPLICATE);
    }
    for (int halved = 1; halved < factor; halved *= 2) {  // quicker than at one go
        cv::Mat half;
        cv::resize(small, half, small.size() / 2, 0, 0, cv::INTER_AREA);
        small = half;
    }
    const double left = std::sqrt(sigma * sigma - factor * factor / 4.0) / factor;
    cv::GaussianBlur(small, small, {}, left, left, cv::BORDER_REPLICATE);
    if (whole == result.size()) {
        cv::resize(small, result, whole, 0, 0, cv::INTER_LINEAR);
    } else {
        cv::Mat large;
        cv::resize(small, large, whole, 0, 0, cv::INTER_LINEAR);
        large(cv::Rect({0, 0}, result.size())).copyTo(result);
    }
    return out;
}

}  // namespace scrim
