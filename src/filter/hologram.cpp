#include "filter/hologram.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "filter/random.h"
#include "frame/color.h"

namespace scrim {
namespace {

constexpr int ghost_shift = 5;  // pixels
constexpr int dim_rows = 2;     // of each band of rows
constexpr int band = 5;

/// A channel of the picture with a black frame around it, as wide as the ghosts are shifted.
class Channel {
  public:
    void resize(int width, int height) {
        stride_ = width + 2 * ghost_shift;
        pixels_.assign(
            static_cast<std::size_t>(stride_) * static_cast<std::size_t>(height + 2 * ghost_shift),
            0);
    }
    std::uint8_t* row(int y) {
        return pixels_.data() + std::ptrdiff_t{y + ghost_shift} * stride_ + ghost_shift;
    }

    /// Row y of the picture and both its ghosts. The first ghost is laid over the picture with 0.8,
    /// the second over both with 0.6; the result counts 0.6 beside 0.5 of the picture.
    void ghosted(int y, int width, std::uint8_t* out) {
        constexpr int picture = 70;  // (0.5 + 0.6 * 0.4 * 0.2) * 128
        constexpr int first = 25;    // 0.6 * 0.4 * 0.8 * 128
        constexpr int second = 46;   // 0.6 * 0.6 * 128
        const std::uint8_t* const here = row(y);
        const std::uint8_t* const up_left = row(y - ghost_shift) - ghost_shift;
        const std::uint8_t* const down_right = row(y + ghost_shift) + ghost_shift;
        for (int x = 0; x < width; ++x) {
            // in 16 bits, which vector registers hold most of
            const auto sum = static_cast<std::uint16_t>(picture * here[x] + first * up_left[x] +
                                                        second * down_right[x] + 64);
            const auto light = static_cast<std::int16_t>(sum >> 7);
            out[x] = static_cast<std::uint8_t>(light < 255 ? light : 255);
        }
    }

  private:
    int stride_ = 0;
    std::vector<std::uint8_t> pixels_;
};

/// A row of the RGB to YUV matrix without red, of which a hologram has none; in 256ths.
struct Weights {
    int green, blue, offset;
};

/// From black to white the colour map goes from blue to green: green = luma, blue = 255 - luma / 2.
void map_row(const std::uint8_t* luma, int width, double light, const Levels& l,
             std::uint8_t* green, std::uint8_t* blue) {
    const auto black = static_cast<int>(l.luma_offset);
    const auto scale = static_cast<int>(std::lround(light / l.luma_scale * 128));
    const auto full_blue = static_cast<int>(std::lround(255 * light));
    for (int x = 0; x < width; ++x) {
        const auto lit = static_cast<std::uint16_t>(std::max(luma[x] - black, 0) * scale + 64);
        const int g = std::min(lit >> 7, 255);
        green[x] = static_cast<std::uint8_t>(g);
        blue[x] = static_cast<std::uint8_t>(full_blue - g / 2);
    }
}

/// Two channels of a row.
struct Row {
    std::vector<std::uint8_t> green, blue;
};

void write_luma(const Row& row, Weights weights, int width, std::uint8_t* out) {
    const std::uint8_t* const green = row.green.data();
    const std::uint8_t* const blue = row.blue.data();
    for (int x = 0; x < width; ++x) {
        const auto sum = static_cast<std::uint16_t>(weights.green * green[x] +
                                                    weights.blue * blue[x] + weights.offset);
        out[x] = static_cast<std::uint8_t>(sum >> 8);
    }
}

/// Sums of 2x2 pixels.
void add_up(const std::vector<std::uint8_t>& above, const std::vector<std::uint8_t>& below,
            std::vector<std::int16_t>& sums) {
    const std::uint8_t* const a = above.data();
    const std::uint8_t* const b = below.data();
    std::int16_t* const out = sums.data();
    const auto count = static_cast<int>(sums.size());
    for (int x = 0; x < count; ++x) {
        out[x] = static_cast<std::int16_t>(a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]);
    }
}

void write_chroma(const std::vector<std::int16_t>& green, const std::vector<std::int16_t>& blue,
                  Weights weights, std::uint8_t* out) {
    const std::int16_t* const g = green.data();
    const std::int16_t* const b = blue.data();
    const auto count = static_cast<int>(green.size());
    const auto green_weight = static_cast<std::int16_t>(weights.green);
    const auto blue_weight = static_cast<std::int16_t>(weights.blue);
    for (int x = 0; x < count; ++x) {
        const int sum = green_weight * g[x] + blue_weight * b[x] + 4 * weights.offset;
        out[x] = static_cast<std::uint8_t>(std::clamp(sum >> 10, 0, 255));
    }
}

class Hologram final : public Filter {
  public:
    void bind(Schema& /*schema*/) override {}

    FilterTraits traits() const override { return {.changes = true}; }

    void prepare(const StreamContext& stream) override {
        green_.resize(stream.width, stream.height);
        blue_.resize(stream.width, stream.height);
        const auto even_width = 2 * static_cast<std::size_t>(chroma_size(stream.width));
        for (Row& row : rows_) {
            row.green.resize(even_width);
            row.blue.resize(even_width);
        }
        green_sums_.resize(even_width / 2);
        blue_sums_.resize(even_width / 2);
        const YuvMatrix m = rgb_to_yuv(stream.tags);
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            const auto fixed = [&](std::size_t column) {
                return static_cast<int>(std::lround(m[i][column] * 256));
            };
            weights_[i] = {fixed(1), fixed(2), fixed(3) + 128};
        }
    }

    void apply(Frame& image, const FrameContext& context) override {
        map_colors(image, context);
        std::uint8_t* const y = image.y.overwritable();
        std::uint8_t* u = image.u.overwritable();
        std::uint8_t* v = image.v.overwritable();
        for (int row = 0; row < image.u.height(); ++row) {
            for (int i = 0; i < 2; ++i) {
                const int luma_row = std::min(2 * row + i, image.height() - 1);
                add_ghosts(luma_row, image.width(), rows_[static_cast<std::size_t>(i)]);
                write_luma(rows_[static_cast<std::size_t>(i)], weights_[0], image.width(),
                           y + std::ptrdiff_t{luma_row} * image.y.stride());
            }
            add_up(rows_[0].green, rows_[1].green, green_sums_);
            add_up(rows_[0].blue, rows_[1].blue, blue_sums_);
            write_chroma(green_sums_, blue_sums_, weights_[1], u);
            write_chroma(green_sums_, blue_sums_, weights_[2], v);
            u += image.u.stride();
            v += image.v.stride();
        }
    }

  private:
    void map_colors(const Frame& image, const FrameContext& context) {
        const Levels l = levels(image.tags.range);
        Random random(context.index);
        for (int y = 0; y < image.height(); ++y) {
            const double light = y % band < dim_rows ? 0.1 + 0.2 * random.uniform() : 1;
            map_row(image.y.row(y), image.width(), light, l, green_.row(y), blue_.row(y));
        }
    }

    /// Along odd sides the last pixel counts twice.
    void add_ghosts(int y, int width, Row& out) {
        green_.ghosted(y, width, out.green.data());
        blue_.ghosted(y, width, out.blue.data());
        out.green.back() = out.green[static_cast<std::size_t>(width - 1)];
        out.blue.back() = out.blue[static_cast<std::size_t>(width - 1)];
    }

    Channel green_;
    Channel blue_;
    std::array<Row, 2> rows_;  // with ghosts, over the present row of chroma
    std::vector<std::int16_t> green_sums_;
    std::vector<std::int16_t> blue_sums_;
    std::array<Weights, 3> weights_{};
};

}  // namespace

std::unique_ptr<Filter> make_hologram() {
    return std::make_unique<Hologram>();
}

}  // namespace scrim
