#include "filter/crop.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "config/scalar.h"

namespace scrim {
namespace {

constexpr double most_pixels = 16384;

/// How much of a side is cut off.
struct Length {
    double value = 0;
    bool percent = false;  // of the frame's width or height

    int pixels(int size) const {
        return static_cast<int>(std::lround(percent ? value / 100 * size : value));
    }
};

/// `120` or `10%`.
std::optional<Length> length_of(const Value& value) {
    Value number = value;
    Length length;
    if (number.scalar.ends_with('%')) {
        number.scalar.pop_back();
        number.quoted = false;  // "10%" needs no quotes, and may have them
        length.percent = true;
    }
    const auto parsed = number_of(number);
    if (!parsed || *parsed < 0 || *parsed > (length.percent ? 100 : most_pixels)) {
        return std::nullopt;
    }
    length.value = *parsed;
    return length;
}

enum class Shape : std::uint8_t { rectangle, ellipse };

/// What is left of the frame: columns from left up to right, rows from top up to bottom.
struct Window {
    int left, top, right, bottom;
};

/// How much of a pixel is visible whose centre is `inside` pixels inside of the edge.
double soft(double inside, double feather) {
    return std::clamp(inside / std::max(feather, 1.0), 0.0, 1.0);
}

/// Along one axis: a side that is not cut has no soft edge.
double along(int i, int begin, int end, int size, double feather) {
    if (i < begin || i >= end) return 0;
    const double before = begin == 0 || feather == 0 ? 1 : soft(i + 0.5 - begin, feather);
    const double behind = end == size || feather == 0 ? 1 : soft(end - i - 0.5, feather);
    return before * behind;
}

/// The ellipse within the window. The distance from its edge is that of first order: exact enough
/// near the edge, and too large further in, where all is visible anyway.
double within_ellipse(double x, double y, const Window& window, double feather) {
    const double a = (window.right - window.left) / 2.0;
    const double b = (window.bottom - window.top) / 2.0;
    if (a <= 0 || b <= 0) return 0;
    const double u = (x + 0.5 - window.left - a) / a;
    const double v = (y + 0.5 - window.top - b) / b;
    const double slope = 2 * std::hypot(u / a, v / b);
    if (slope == 0) return 1;
    const double inside = (1 - u * u - v * v) / slope;
    return soft(feather == 0 ? inside + 0.5 : inside, feather);
}

/// a * b / 255, rounded.
std::uint8_t product(std::uint8_t a, std::uint8_t b) {
    const auto scaled = static_cast<std::uint16_t>(a * b + 128);
    return static_cast<std::uint8_t>(static_cast<std::uint16_t>(scaled + (scaled >> 8)) >> 8);
}

class Crop final : public Filter {
  public:
    void bind(Schema& schema) override {
        bind_side(schema, "left", left_);
        bind_side(schema, "top", top_);
        bind_side(schema, "right", right_);
        bind_side(schema, "bottom", bottom_);
        schema.number("feather", feather_, {0, most_pixels},
                      "width of the soft edge in pixels, inside of what is left");
        schema.choice("shape", shape_,
                      {{"rectangle", Shape::rectangle}, {"ellipse", Shape::ellipse}},
                      "what is left: all of it, or the ellipse within");
    }

    FilterTraits traits() const override { return {}; }

    void prepare(const StreamContext& stream) override {
        const int width = stream.width;
        const int height = stream.height;
        const Window window{left_.pixels(width), top_.pixels(height), width - right_.pixels(width),
                            height - bottom_.pixels(height)};
        visible_ = Plane(width, height);
        std::uint8_t* row = visible_.writable();
        bool all = true;
        for (int y = 0; y < height; ++y, row += visible_.stride()) {
            const double rows = along(y, window.top, window.bottom, height, feather_);
            for (int x = 0; x < width; ++x) {
                const double share =
                    shape_ == Shape::ellipse
                        ? within_ellipse(x, y, window, feather_)
                        : rows * along(x, window.left, window.right, width, feather_);
                row[x] = static_cast<std::uint8_t>(std::lround(255 * share));
                all = all && row[x] == 255;
            }
        }
        if (all) visible_ = Plane();
    }

    void apply(Frame& image, const FrameContext& /*context*/) override {
        if (visible_.empty()) return;
        if (image.opaque()) {
            image.alpha = visible_;
            return;
        }
        std::uint8_t* row = image.alpha.writable();
        for (int y = 0; y < image.height(); ++y, row += image.alpha.stride()) {
            const std::uint8_t* const visible = visible_.row(y);
            for (int x = 0; x < image.width(); ++x)
                row[x] = product(row[x], visible[x]);
        }
    }

  private:
    static void bind_side(Schema& schema, const char* name, Length& side) {
        const auto read = [&side](const Value& value, const std::string& key,
                                  Diagnostics& diagnostics) {
            if (const auto length = length_of(value)) {
                side = *length;
                return;
            }
            diagnostics.error(
                value.where, key,
                "must be pixels (0..16384) or percent (0%..100%), is " + shown(value));
        };
        schema.custom(name, "pixels or percent", "0",
                      "how much of this side is cut off: 120 or 10%", read);
    }

    Length left_, top_, right_, bottom_;
    double feather_ = 0;
    Shape shape_ = Shape::rectangle;
    Plane visible_;  // empty = all of it
};

}  // namespace

std::unique_ptr<Filter> make_crop() {
    return std::make_unique<Crop>();
}

}  // namespace scrim
