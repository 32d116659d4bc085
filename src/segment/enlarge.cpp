#include "segment/enlarge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include <libyuv.h>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

constexpr int horizontal_one = 65536;
constexpr int vertical_one = 256;

/// Where a pixel of the larger side lies between those of the smaller one.
double place(int pixel, int larger, int smaller) {
    return (pixel + 0.5) * smaller / larger - 0.5;
}

}  // namespace

void Enlarger::plan(int score_width) {
    if (planned_ == score_width) return;
    planned_ = score_width;
    begins_.assign(static_cast<std::size_t>(score_width) + 2, width_);
    weights_.resize(static_cast<std::size_t>(width_));
    for (int x = width_ - 1; x >= 0; --x) {
        const double at = place(x, width_, score_width);
        weights_[static_cast<std::size_t>(x)] =
            static_cast<std::uint16_t>((at - std::floor(at)) * horizontal_one);
        // Between the columns i - 1 and i; beyond the edges there is none, and the edge goes on.
        const auto interval = static_cast<std::size_t>(std::floor(at) + 1);
        begins_[interval] = x;
    }
    for (std::size_t i = begins_.size() - 1; i-- > 0;)
        begins_[i] = std::min(begins_[i], begins_[i + 1]);
    begins_.front() = 0;
}

void Enlarger::widen(const std::uint8_t* in, int count, std::uint8_t* out) const {
    const auto value = [in, count](int column) { return in[std::clamp(column, 0, count - 1)]; };
    const auto begin_of = [this](int interval) {
        return begins_[static_cast<std::size_t>(interval)];
    };
    for (int i = 0; i <= count;) {
        const int left = value(i - 1);
        const int right = value(i);
        const int first = i++;
        if (left == right) {
            while (i <= count && value(i) == left)
                ++i;
            std::memset(out + begin_of(first), left,
                        static_cast<std::size_t>(begin_of(i) - begin_of(first)));
            continue;
        }
        for (int x = begin_of(first); x < begin_of(i); ++x) {
            const int share = weights_[static_cast<std::size_t>(x)];
            const int sum = left * (horizontal_one - share) + right * share;
            out[x] = static_cast<std::uint8_t>((sum + horizontal_one / 2) / horizontal_one);
        }
    }
}

Plane Enlarger::operator()(const Plane& score) {
    if (score.width() == width_ && score.height() == height_) return score;
    Plane result(width_, height_);
    if (score.width() > width_ || score.height() > height_) {
        cv::Mat target = mat_of(result);
        cv::resize(mat_of(score), target, target.size(), 0, 0, cv::INTER_LINEAR);
        return result;
    }
    plan(score.width());
    // The rows of the score that are needed at the moment, at full width: an even and an odd one.
    Plane rows(width_, 2);
    std::array<int, 2> held{-1, -1};
    const auto wide = [&](int row) -> const std::uint8_t* {
        row = std::clamp(row, 0, score.height() - 1);
        std::uint8_t* const out = rows.writable_row(row % 2);
        int& present = held[static_cast<std::size_t>(row % 2)];
        if (std::exchange(present, row) != row) widen(score.row(row), score.width(), out);
        return out;
    };
    std::uint8_t* const pixels = result.overwritable();
    for (int y = 0; y < height_; ++y) {
        // In 256ths, because libyuv does.
        const auto at = std::lround(place(y, height_, score.height()) * vertical_one);
        const auto above = static_cast<int>(std::floor(static_cast<double>(at) / vertical_one));
        const std::uint8_t* const a = wide(above);
        const std::uint8_t* const b = wide(above + 1);
        libyuv::InterpolatePlane(a, 0, b, 0, pixels + std::ptrdiff_t{y} * result.stride(), 0,
                                 width_, 1, static_cast<int>(at - above * vertical_one));
    }
    return result;
}

}  // namespace scrim
