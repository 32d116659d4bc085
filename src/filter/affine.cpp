#include "filter/affine.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/scalar.h"
#include "frame/color.h"

namespace scrim {
namespace {

using Pair = std::array<double, 2>;  // row, column

constexpr double most = 1e6;
constexpr std::uint8_t neutral_chroma = 128;

std::optional<Pair> pair_of(const Value& value) {
    if (value.kind != Value::Kind::list || value.items.size() != 2) return std::nullopt;
    Pair pair{};
    for (std::size_t i = 0; i < 2; ++i) {
        const auto number = number_of(value.items[i]);
        if (!number || std::abs(*number) > most) return std::nullopt;
        pair[i] = *number;
    }
    return pair;
}

class Affine final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema.custom("matrix", "2x2 numbers", "[[1, 0], [0, 1]]",
                      "output pixel (y, x) shows input pixel matrix * (y, x) + offset",
                      [this](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                          read_matrix(value, key, diagnostics);
                      });
        schema.custom("offset", "2 numbers", "[0, 0]", "rows and columns, in pixels",
                      [this](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                          read_offset(value, key, diagnostics);
                      });
        schema.boolean("relative", relative_, "offset is a share of the frame");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override;
    void apply(Frame& image, const FrameContext& context) override;

  private:
    /// The input pixel that is shown; frames are smaller than 2^15 a side.
    struct Source {
        std::int16_t x, y;
    };
    /// The part of a row that shows something: convex, because the input is a rectangle and a
    /// coordinate never turns back along a row.
    struct Span {
        int begin, end;
        bool has(int x) const { return x >= begin && x < end; }
    };

    void read_matrix(const Value& value, const std::string& key, Diagnostics& diagnostics);
    void read_offset(const Value& value, const std::string& key, Diagnostics& diagnostics);
    Pair source_of(int y, int x) const;
    const Source* sources(int y) const {
        return sources_.data() + static_cast<std::ptrdiff_t>(y) * width_;
    }
    Plane moved(const Plane& in, std::uint8_t outside) const;
    void pack_chroma(const Frame& image);
    void show_chroma(Frame& image) const;

    std::array<Pair, 2> matrix_{{{1, 0}, {0, 1}}};
    Pair offset_{0, 0};
    bool relative_ = false;

    // by prepare()
    int width_ = 0;
    int height_ = 0;
    bool identical_ = false;
    std::vector<Source> sources_;  // for each output pixel in its row's span
    std::vector<Span> spans_;      // for each output row
    Plane visible_;                // alpha of an opaque picture; empty if all of it is shown

    std::vector<std::uint32_t> chroma_;  // U and V of the input in one word: one look-up for both
};

void Affine::read_matrix(const Value& value, const std::string& key, Diagnostics& diagnostics) {
    const bool list = value.kind == Value::Kind::list && value.items.size() == 2;
    const auto first = list ? pair_of(value.items[0]) : std::nullopt;
    const auto second = list ? pair_of(value.items[1]) : std::nullopt;
    if (first && second) {
        matrix_ = {*first, *second};
        return;
    }
    diagnostics.error(
        value.where, key,
        "must be two rows of two numbers, such as [[1, 0], [0, 1]], is " + shown(value));
}

void Affine::read_offset(const Value& value, const std::string& key, Diagnostics& diagnostics) {
    if (const auto pair = pair_of(value)) {
        offset_ = *pair;
        return;
    }
    diagnostics.error(value.where, key,
                      "must be two numbers, such as [-30, 20], is " + shown(value));
}

Pair Affine::source_of(int y, int x) const {
    Pair source{};
    for (std::size_t i = 0; i < 2; ++i) {
        const double unit = relative_ ? (i == 0 ? height_ : width_) : 1;
        source[i] = offset_[i] * unit + matrix_[i][0] * y + matrix_[i][1] * x;
    }
    return source;
}

/// The rules of the predecessor (scipy.ndimage.affine_transform of order 0): the nearest pixel, up
/// to the centres of the outermost.
void Affine::prepare(const StreamContext& stream) {
    width_ = stream.width;
    height_ = stream.height;
    sources_.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), {0, 0});
    spans_.assign(static_cast<std::size_t>(height_), {0, 0});
    visible_ = Plane::filled(width_, height_, 0);
    std::uint8_t* const visible = visible_.writable();
    bool all = true;
    identical_ = true;
    for (int y = 0; y < height_; ++y) {
        Span& span = spans_[static_cast<std::size_t>(y)];
        for (int x = 0; x < width_; ++x) {
            const auto [from_y, from_x] = source_of(y, x);
            if (from_x < 0 || from_x > width_ - 1 || from_y < 0 || from_y > height_ - 1) continue;
            if (span.begin == span.end) span = {x, x};
            span.end = x + 1;
            const Source source{static_cast<std::int16_t>(std::floor(from_x + 0.5)),
                                static_cast<std::int16_t>(std::floor(from_y + 0.5))};
            sources_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                     static_cast<std::size_t>(x)] = source;
            identical_ = identical_ && source.x == x && source.y == y;
        }
        std::fill_n(visible + std::ptrdiff_t{visible_.stride()} * y + span.begin,
                    span.end - span.begin, std::uint8_t{255});
        all = all && span.end - span.begin == width_;
    }
    identical_ = identical_ && all;
    if (all) visible_ = Plane();
}

void Affine::apply(Frame& image, const FrameContext& /*context*/) {
    if (identical_) return;
    pack_chroma(image);
    image.y = moved(image.y, static_cast<std::uint8_t>(levels(image.tags.range).luma_offset));
    image.alpha = image.opaque() ? visible_ : moved(image.alpha, 0);
    show_chroma(image);
}

Plane Affine::moved(const Plane& in, std::uint8_t outside) const {
    Plane out(in.width(), in.height());
    std::uint8_t* to = out.overwritable();
    const std::uint8_t* const from = in.data();
    const int stride = in.stride();
    for (int y = 0; y < height_; ++y, to += out.stride()) {
        const Span span = spans_[static_cast<std::size_t>(y)];
        const Source* const source = sources(y);
        std::fill(to, to + span.begin, outside);
        for (int x = span.begin; x < span.end; ++x)
            to[x] = from[source[x].y * stride + source[x].x];
        std::fill(to + span.end, to + width_, outside);
    }
    return out;
}

void Affine::pack_chroma(const Frame& image) {
    const int width = image.u.width();
    chroma_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(image.u.height()));
    std::uint32_t* to = chroma_.data();
    for (int y = 0; y < image.u.height(); ++y, to += width) {
        const std::uint8_t* const u = image.u.row(y);
        const std::uint8_t* const v = image.v.row(y);
        for (int x = 0; x < width; ++x)
            to[x] = u[x] + (std::uint32_t{v[x]} << 16);
    }
}

/// Each chroma pixel is the mean of those of its up to four luma pixels that show something.
void Affine::show_chroma(Frame& image) const {
    const int width = image.u.width();
    const auto chroma_of = [&](Source source) {
        return chroma_.data()[(source.y >> 1) * width + (source.x >> 1)];
    };
    std::uint8_t* u = image.u.overwritable();
    std::uint8_t* v = image.v.overwritable();
    for (int y = 0; y < image.u.height(); ++y, u += image.u.stride(), v += image.v.stride()) {
        const int rows = 2 * y + 1 < height_ ? 2 : 1;
        const std::array spans{spans_.data()[2 * y], spans_.data()[2 * y + rows - 1]};
        const std::array lines{sources(2 * y), sources(2 * y + rows - 1)};
        const auto mean_of_some = [&](int x) {
            std::uint32_t sum = 0;
            std::uint32_t count = 0;
            for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
                for (int column = 2 * x; column < std::min(2 * x + 2, width_); ++column) {
                    if (!spans[row].has(column)) continue;
                    sum += chroma_of(lines[row][column]);
                    ++count;
                }
            }
            if (count == 0) return std::pair{neutral_chroma, neutral_chroma};
            return std::pair{static_cast<std::uint8_t>(((sum & 0xFFFF) + count / 2) / count),
                             static_cast<std::uint8_t>(((sum >> 16) + count / 2) / count)};
        };
        // from here to there all four show something
        const int begin = std::min((std::max(spans[0].begin, spans[1].begin) + 1) / 2, width);
        const int end = std::max(std::min(spans[0].end, spans[1].end) / 2, begin);
        for (int x = 0; x < begin; ++x)
            std::tie(u[x], v[x]) = mean_of_some(x);
        for (int x = begin; x < end; ++x) {
            const std::uint32_t sum = chroma_of(lines[0][2 * x]) + chroma_of(lines[0][2 * x + 1]) +
                                      chroma_of(lines[1][2 * x]) + chroma_of(lines[1][2 * x + 1]) +
                                      0x00020002;
            u[x] = static_cast<std::uint8_t>((sum & 0xFFFF) >> 2);
            v[x] = static_cast<std::uint8_t>(sum >> 18);
        }
        for (int x = end; x < width; ++x)
            std::tie(u[x], v[x]) = mean_of_some(x);
    }
}

}  // namespace

std::unique_ptr<Filter> make_affine() {
    return std::make_unique<Affine>();
}

}  // namespace scrim
