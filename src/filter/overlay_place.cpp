#include "filter/overlay_place.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "config/scalar.h"

namespace scrim {
namespace {

constexpr double largest_pixels = 16384;
constexpr double largest_percent = 400;

/// "25%", quoted or not, or a number; nothing for anything else.
std::optional<Length> length_of(const Value& value) {
    if (value.kind != Value::Kind::scalar) return std::nullopt;
    Value number = value;
    const bool percent = value.scalar.ends_with('%');
    if (percent) {
        number.scalar.pop_back();
        number.quoted = false;
    }
    const auto read = number_of(number);
    if (!read) return std::nullopt;
    return Length{*read, percent};
}

/// `size`: it must be more than nothing.
template <typename Target>
void bind_length(Schema& schema, const char* name, Target& target, bool size,
                 const char* default_text, const char* help) {
    const auto read = [&target, size](const Value& value, const std::string& key,
                                      Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        const auto length = length_of(value);
        const double most = length && length->percent ? largest_percent : largest_pixels;
        const bool valid =
            length && std::abs(length->number) <= most && (!size || length->number > 0);
        if (valid) {
            target = *length;
            return;
        }
        const std::string what =
            size ? fmt::format(
                       "must be a size in pixels up to {} or in percent of the frame up to "
                       "{}%, as in 120 or \"25%\"",
                       largest_pixels, largest_percent)
                 : fmt::format(
                       "must be a distance in pixels up to {} or in percent of the frame up "
                       "to {}%, as in 16 or \"5%\"",
                       largest_pixels, largest_percent);
        diagnostics.error(value.where, key, fmt::format("{}, is {}", what, shown(value)));
    };
    schema.custom(name, "pixels or \"percent%\"", default_text, help, read);
}

/// Where on a side the anchor is: 0 its beginning, 1 its middle, 2 its end.
int column(Anchor anchor) {
    return static_cast<int>(anchor) % 3;
}
int row(Anchor anchor) {
    return static_cast<int>(anchor) / 3;
}

int begin_of(int third, double distance, int size, int side) {
    const double begin = third == 0   ? distance
                         : third == 1 ? (side - size) / 2.0 + distance
                                      : side - size - distance;
    return static_cast<int>(std::lround(begin));
}

/// A size that memory is there for, of the same shape.
cv::Size bounded(double width, double height) {
    constexpr double most_pixels = 1 << 25;
    const double shrink = std::min(1.0, std::sqrt(most_pixels / (width * height)));
    const auto side = [shrink](double length) {
        return static_cast<int>(std::lround(std::clamp(length * shrink, 1.0, largest_pixels)));
    };
    return {side(width), side(height)};
}

}  // namespace

void OverlayPlace::bind(Schema& schema) {
    bind_length(schema, "x", x, false, "0", "distance from the anchor's side, or to the right");
    bind_length(schema, "y", y, false, "0", "distance from the anchor's edge, or downwards");
    bind_length(schema, "width", width, true, "the picture's own", "how wide it is drawn");
    bind_length(schema, "height", height, true, "the picture's own",
                "how high it is drawn; of width and height one is enough");
    schema.choice("anchor", anchor,
                  {{"top_left", Anchor::top_left},
                   {"top", Anchor::top},
                   {"top_right", Anchor::top_right},
                   {"left", Anchor::left},
                   {"center", Anchor::center},
                   {"right", Anchor::right},
                   {"bottom_left", Anchor::bottom_left},
                   {"bottom", Anchor::bottom},
                   {"bottom_right", Anchor::bottom_right}},
                  "the point of the frame from which x and y count, and the point of the picture "
                  "that lies there");
}

cv::Rect OverlayPlace::rectangle(cv::Size picture, cv::Size frame) const {
    const double shape = static_cast<double>(picture.width) / picture.height;
    double w = picture.width;
    double h = picture.height;
    if (width) w = width->of(frame.width);
    if (height) h = height->of(frame.height);
    if (width && !height) h = w / shape;
    if (height && !width) w = h * shape;
    const cv::Size size = bounded(w, h);
    return {{begin_of(column(anchor), x.of(frame.width), size.width, frame.width),
             begin_of(row(anchor), y.of(frame.height), size.height, frame.height)},
            size};
}

}  // namespace scrim
