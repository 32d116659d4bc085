#include "filter/box_blur.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <opencv2/imgproc.hpp>

#include "frame/mat.h"
#include "frame/row_sums.h"
#include "util/avx2.h"

namespace scrim {
namespace {

/// The box in chroma pixels that comes closest to blurring with `size` luma pixels before taking
/// the mean of each 2x2: for odd sizes an odd one, which keeps the centre.
int chroma_box(int size) {
    return size % 2 == 0 ? size / 2 : 2 * ((size - 1) / 4) + 1;
}

/// In boxes of up to four luma pixels the parts of chroma pixels count. A weight is the share of
/// the box that falls into the chroma pixel before, the same and the next, meant over the two luma
/// pixels of a chroma pixel; in 256ths because OpenCV may round so, and the sum must stay 1.
constexpr int largest_small_box = 4;
cv::Mat small_chroma_kernel(int size) {
    using Weights = std::array<float, 3>;
    constexpr std::array<Weights, largest_small_box> weights{
        Weights{0, 256, 0}, Weights{64, 192, 0}, Weights{43, 170, 43}, Weights{96, 128, 32}};
    const Weights& w = weights[static_cast<std::size_t>(size - 1)];
    return (cv::Mat_<float>(1, 3) << w[0], w[1], w[2]) / 256;
}

using Sum = std::uint16_t;

// Sums of this height fit into 16 bits, and errors of this many roundings stay small.
constexpr int tallest = 257;
constexpr int widest = 128;
// Lengths 1, 2, 4 ... of which a width is made.
constexpr int most_lengths = std::bit_width(unsigned{widest});

/// The upper half of value << shift times factor.
Sum scaled(Sum value, int shift, std::uint32_t factor) {
    const auto shifted = static_cast<Sum>(value << shift);
    return static_cast<Sum>((shifted * factor) >> 16);
}

SCRIM_AVX2_TOO void scale(const Sum* __restrict in, Sum* __restrict out, int count, int shift,
                          std::uint32_t factor) {
    for (int x = 0; x < count; ++x) {
        const auto shifted = static_cast<Sum>(in[x] << shift);
        out[x] = static_cast<Sum>((shifted * factor) >> 16);
    }
}

SCRIM_AVX2_TOO void add_pairs(const Sum* __restrict in, Sum* __restrict out, int count,
                              int distance) {
    const Sum* __restrict second = in + distance;
    for (int x = 0; x < count; ++x)
        out[x] = static_cast<Sum>(in[x] + second[x]);
}

/// The sum of three, rounded off.
SCRIM_AVX2_TOO void round_off(const Sum* __restrict a, const Sum* __restrict b,
                              const Sum* __restrict c, std::uint8_t* __restrict out, int count,
                              int half, int bits) {
    for (int x = 0; x < count; ++x)
        out[x] = static_cast<std::uint8_t>(static_cast<Sum>(a[x] + b[x] + c[x] + half) >> bits);
}

/// The mean over a box, by sums of columns that go down row by row, and of those the sums over the
/// box's width, made of sums over 1, 2, 4, 8 ... of them: everything in 16 bits, many at once, and
/// without a chain of additions along the row. The sums of columns are first scaled so that a box
/// of 255s nearly fills 16 bits. At most one level from the exact mean, rounded.
class BoxMean {
  public:
    BoxMean(const Plane& in, const cv::Rect& part, cv::Size box)
        : in_(in),
          part_(part),
          box_(box),
          left_(part.x - box.width / 2),
          reach_(part.width + box.width - 1),
          begin_(std::clamp(left_, 0, in.width() - 1)),
          end_(std::clamp(left_ + reach_, begin_ + 1, in.width())),
          scratch_(2 * std::max(reach_, end_ - begin_), rows) {
        // Mirrored columns need their originals, which a box larger than the plane has anywhere.
        for (int i = 0; i < reach_; ++i) {
            const int x = cv::borderInterpolate(left_ + i, in.width(), cv::BORDER_REFLECT_101);
            begin_ = std::min(begin_, x);
            end_ = std::max(end_, x + 1);
        }
        if (end_ - begin_ > reach_) scratch_ = Plane(2 * (end_ - begin_), rows);
        bits_ = box.width == 1 ? 7 : 8;  // of a level
        shift_ = std::bit_width(unsigned(std::numeric_limits<Sum>::max() / (255 * box.height))) - 1;
        const double pixels = double(box.height << shift_) * box.width;
        factor_ = static_cast<std::uint32_t>(std::lround(double(1 << (16 + bits_)) / pixels));
    }

    void into(Plane& out) {
        std::uint8_t* const pixels = out.writable();
        Sum* const columns = row(columns_row);
        std::fill_n(row(zeros), part_.width, Sum{0});
        std::fill_n(columns, end_ - begin_, Sum{0});
        for (int i = 0; i < box_.height; ++i)
            add_row(columns, source_row(part_.y - box_.height / 2 + i), end_ - begin_);
        for (int y = part_.y; y < part_.y + part_.height; ++y) {
            std::uint8_t* const target = pixels + std::ptrdiff_t{y} * out.stride() + part_.x;
            write_row(columns, target);
            const int top = y - box_.height / 2;
            exchange_row(columns, source_row(top + box_.height), source_row(top), end_ - begin_);
        }
    }

  private:
    // Rows of sums: over 1, 2, 4 ... columns from each one on, the columns themselves, zeros.
    static constexpr int columns_row = most_lengths;
    static constexpr int zeros = most_lengths + 1;
    static constexpr int rows = most_lengths + 2;

    Sum* row(int number) {
        return reinterpret_cast<Sum*>(scratch_.overwritable() +
                                      std::ptrdiff_t{number} * scratch_.stride());
    }
    const std::uint8_t* source_row(int y) const {
        return in_.row(cv::borderInterpolate(y, in_.height(), cv::BORDER_REFLECT_101)) + begin_;
    }

    void write_row(const Sum* columns, std::uint8_t* target) {
        // Those that make up the width, at least three.
        std::array<Sum*, most_lengths + 2> sums{};
        std::size_t count = 0;
        Sum* of_length = row(0);
        lay_out(columns, of_length);
        int done = 0;
        for (int number = 0, length = 1; length <= box_.width; length *= 2) {
            if ((box_.width & length) != 0) {
                sums[count++] = of_length + done;
                done += length;
            }
            if (2 * length > box_.width) break;
            add_pairs(of_length, row(++number), reach_ - 2 * length + 1, length);
            of_length = row(number);
        }
        while (count < 3)
            sums[count++] = row(zeros);
        while (count > 3)
            add_sums(sums[0], sums[--count], part_.width);
        // Each scaled sum was rounded down, by half a unit in the mean.
        round_off(sums[0], sums[1], sums[2], target, part_.width,
                  (1 << (bits_ - 1)) + box_.width / 2, bits_);
    }

    /// The columns that the boxes of the row need, scaled and in their order: at the edges they are
    /// mirrored.
    void lay_out(const Sum* columns, Sum* out) const {
        const int before = std::clamp(-left_, 0, reach_);
        const int inside = std::clamp(in_.width() - left_ - before, 0, reach_ - before);
        const auto mirrored = [&](int i) {
            const int x = cv::borderInterpolate(left_ + i, in_.width(), cv::BORDER_REFLECT_101);
            return scaled(columns[x - begin_], shift_, factor_);
        };
        for (int i = 0; i < before; ++i)
            out[i] = mirrored(i);
        scale(columns + (left_ + before - begin_), out + before, inside, shift_, factor_);
        for (int i = before + inside; i < reach_; ++i)
            out[i] = mirrored(i);
    }

    const Plane& in_;
    cv::Rect part_;
    cv::Size box_;
    int left_, reach_;  // columns that the boxes of the part's rows lie on; may be outside
    int begin_, end_;   // the plane's columns that are needed
    Plane scratch_;     // rows of sums
    int bits_, shift_;
    std::uint32_t factor_;
};

}  // namespace

void box_blur_luma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box) {
    if (box.width <= widest && box.height <= tallest) return BoxMean(in, part, box).into(out);
    cv::Mat result = mat_of(out)(part);
    if (part.width > 1 && part.height > 1) {
        cv::blur(mat_of(in)(part), result, box);
        return;
    }
    // Of a part with a single row or column OpenCV (4.6) forgets what is around, or writes nothing.
    const cv::Rect around = cv::Rect(part.x - 1, part.y - 1, part.width + 2, part.height + 2) &
                            cv::Rect(0, 0, in.width(), in.height());
    cv::Mat blurred;
    cv::blur(mat_of(in)(around), blurred, box);
    blurred(part - around.tl()).copyTo(result);
}

void box_blur_chroma(const Plane& in, Plane& out, const cv::Rect& part, cv::Size box) {
    if (box.width > largest_small_box || box.height > largest_small_box) {
        return box_blur_luma(in, out, part, {chroma_box(box.width), chroma_box(box.height)});
    }
    cv::Mat result = mat_of(out)(part);
    cv::sepFilter2D(mat_of(in)(part), result, CV_8U, small_chroma_kernel(box.width),
                    small_chroma_kernel(box.height));
}

}  // namespace scrim
