#include "filter/color_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/core.hpp>

#include "filter/plane_math.h"
#include "frame/color.h"

namespace scrim {
namespace {

/// One row of the matrix in fixed point: how a plane comes from all three.
struct Mix {
    static constexpr int bits = 11;  // factors up to 16
    std::int16_t y, u, v;
    std::int32_t offset;

    void apply(const std::uint8_t* from_y, const std::uint8_t* from_u, const std::uint8_t* from_v,
               std::uint8_t* out, int count) const {
        for (int i = 0; i < count; ++i) {
            const std::int32_t sum = y * from_y[i] + u * from_u[i] + v * from_v[i] + offset;
            out[i] = static_cast<std::uint8_t>(std::clamp(sum >> bits, 0, 255));
        }
    }
};

class ColorFilter final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.number("r", r_, {0, 1020}, "what 255 of red becomes");
        schema.number("g", g_, {0, 1020}, "what 255 of green becomes");
        schema.number("b", b_, {0, 1020}, "what 255 of blue becomes");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        const YuvMatrix rgb_to = rgb_to_yuv(stream.tags);
        cv::Matx33d to_yuv;
        for (int i = 0; i < 9; ++i) {
            to_yuv.val[i] =
                rgb_to[static_cast<std::size_t>(i / 3)][static_cast<std::size_t>(i % 3)];
        }
        const cv::Vec3d zero(levels(stream.tags.range).luma_offset, 128, 128);
        const cv::Matx33d m =
            to_yuv * cv::Matx33d::diag({r_ / 255, g_ / 255, b_ / 255}) * to_yuv.inv();
        const cv::Vec3d offset = zero - m * zero;
        constexpr double one = 1 << Mix::bits;
        for (int row = 0; row < 3; ++row) {
            const auto fixed = [&](int column) {
                return static_cast<std::int16_t>(std::lround(m(row, column) * one));
            };
            mixes_[static_cast<std::size_t>(row)] = {
                fixed(0), fixed(1), fixed(2),
                static_cast<std::int32_t>(std::lround((offset[row] + 0.5) * one))};
        }
        wide_u_.resize(2 * static_cast<std::size_t>(chroma_size(stream.width)));
        wide_v_.resize(wide_u_.size());
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (r_ == 255 && g_ == 255 && b_ == 255) return;
        const Frame in = image;
        const Plane luma = luma_under_chroma(in.y);
        std::uint8_t* const y = image.y.overwritable();
        std::uint8_t* const u = image.u.overwritable();
        std::uint8_t* const v = image.v.overwritable();
        for (int row = 0; row < in.u.height(); ++row) {
            const std::uint8_t* const from_u = in.u.row(row);
            const std::uint8_t* const from_v = in.v.row(row);
            double_row(from_u, in.u.width(), wide_u_.data());
            double_row(from_v, in.v.width(), wide_v_.data());
            for (int luma_row = 2 * row; luma_row < std::min(2 * row + 2, in.height());
                 ++luma_row) {
                mixes_[0].apply(in.y.row(luma_row), wide_u_.data(), wide_v_.data(),
                                y + std::ptrdiff_t{luma_row} * image.y.stride(), in.width());
            }
            mixes_[1].apply(luma.row(row), from_u, from_v,
                            u + std::ptrdiff_t{row} * image.u.stride(), in.u.width());
            mixes_[2].apply(luma.row(row), from_u, from_v,
                            v + std::ptrdiff_t{row} * image.v.stride(), in.v.width());
        }
    }

  private:
    static void double_row(const std::uint8_t* in, int count, std::uint8_t* out) {
        for (int i = 0; i < count; ++i)
            out[2 * i] = out[2 * i + 1] = in[i];
    }

    double r_ = 255;
    double g_ = 255;
    double b_ = 255;
    std::array<Mix, 3> mixes_{};
    std::vector<std::uint8_t> wide_u_;  // a row of chroma, at luma's width
    std::vector<std::uint8_t> wide_v_;
};

}  // namespace

std::unique_ptr<Filter> make_color_filter() {
    return std::make_unique<ColorFilter>();
}

}  // namespace scrim
