#include "source/pattern/pattern_source.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/mathematics.h>
}

#include "source/interrupt.h"
#include "source/pattern/stamp.h"

namespace scrim {
namespace {

constexpr std::string_view plain_name = "pattern";
constexpr std::string_view prefix = "pattern:";
constexpr int largest_side = 16384;
constexpr ColorTags tags{Matrix::bt601, Range::limited};

struct Size {
    int width;
    int height;
};

/// 1280x720; where only one side is asked for, the other keeps 16:9.
Size size_of(const SourceRequest& request) {
    Size size{request.width.value_or(1280), request.height.value_or(720)};
    if (request.width && !request.height) size.height = std::max(1, size.width * 9 / 16);
    if (request.height && !request.width) size.width = std::max(1, size.height * 16 / 9);
    if (size.width < 1 || size.height < 1 || std::max(size.width, size.height) > largest_side) {
        throw Error("the pattern cannot be {}x{}: a side has 1 to {} pixels", size.width,
                    size.height, largest_side);
    }
    return size;
}

/// N of "pattern:N"; 0 = without end.
std::int64_t length_of(const std::string& device) {
    if (device == plain_name) return 0;
    const std::string_view number = std::string_view(device).substr(prefix.size());
    std::int64_t length = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), length);
    if (error != std::errc() || end != number.data() + number.size() || length < 1) {
        throw Error(
            "\"{}\": behind the colon stands how many pictures there shall be, as in "
            "pattern:100",
            device);
    }
    return length;
}

/// Fills the ellipse around (x, y), all in shares of the plane's sides.
void fill_ellipse(Plane& plane, double x, double y, double radius_x, double radius_y,
                  std::uint8_t value) {
    const double width = plane.width();
    const double height = plane.height();
    const int top = std::max(0, static_cast<int>((y - radius_y) * height));
    const int bottom = std::min(plane.height(), static_cast<int>((y + radius_y) * height) + 1);
    for (int row = top; row < bottom; ++row) {
        const double down = ((row + 0.5) / height - y) / radius_y;
        if (std::abs(down) >= 1) continue;
        const double half = radius_x * std::sqrt(1 - down * down);
        const int left = std::max(0, static_cast<int>(std::lround((x - half) * width)));
        const int right =
            std::min(plane.width(), static_cast<int>(std::lround((x + half) * width)));
        if (left >= right) continue;
        std::memset(plane.writable_row(row) + left, value, static_cast<std::size_t>(right - left));
    }
}

void fill_ellipse(Frame& frame, double x, double y, double radius_x, double radius_y,
                  YuvColor color) {
    fill_ellipse(frame.y, x, y, radius_x, radius_y, color.y);
    fill_ellipse(frame.u, x, y, radius_x, radius_y, color.u);
    fill_ellipse(frame.v, x, y, radius_x, radius_y, color.v);
}

Frame draw_background(Size size) {
    Frame frame(size.width, size.height, tags);
    const auto gradient = [](Plane& plane, int top_left, int across, int down) {
        for (int y = 0; y < plane.height(); ++y) {
            std::uint8_t* const out = plane.writable_row(y);
            for (int x = 0; x < plane.width(); ++x) {
                out[x] = static_cast<std::uint8_t>(top_left + across * x / plane.width() +
                                                   down * y / plane.height());
            }
        }
    };
    gradient(frame.y, 60, 80, 60);
    gradient(frame.u, 150, -40, 10);
    gradient(frame.v, 110, 10, 20);
    return frame;
}

class PatternSource : public Source {
  public:
    explicit PatternSource(const SourceRequest& request);

    const StreamInfo& info() const override { return info_; }
    std::optional<Captured> next() override;
    void interrupt() noexcept override { interrupt_.trigger(); }
    Counters counters() const override { return {delivered_.load(), 0}; }

  private:
    Frame draw(std::uint64_t number) const;
    Duration time_of(std::uint64_t number) const;
    bool wait_for_next();

    StreamInfo info_;
    std::int64_t length_ = 0;
    double aspect_ = 1;
    Frame background_;
    Interrupt interrupt_;
    std::optional<Time> origin_;
    std::uint64_t number_ = 0;
    std::atomic<std::uint64_t> delivered_{0};
};

PatternSource::PatternSource(const SourceRequest& request) : length_(length_of(request.device)) {
    const Size size = size_of(request);
    const double fps = request.fps.value_or(30);
    if (!(fps > 0 && fps <= 1000)) {
        throw Error("the pattern cannot come at {} pictures a second: more than 0 up to 1000", fps);
    }
    const AVRational rate = av_d2q(fps, 1001000);
    info_.width = size.width;
    info_.height = size.height;
    info_.rate = {rate.num, rate.den};
    info_.tags = tags;
    info_.live = request.live;
    info_.frames = length_;
    info_.name = fmt::format("pattern, {}x{} at {:g}/s", size.width, size.height, fps);
    aspect_ = static_cast<double>(size.height) / size.width;
    background_ = draw_background(size);
}

Duration PatternSource::time_of(std::uint64_t number) const {
    constexpr AVRational nanosecond{1, 1'000'000'000};
    return std::chrono::nanoseconds(
        av_rescale_q(static_cast<std::int64_t>(number),
                     AVRational{info_.rate.denominator, info_.rate.numerator}, nanosecond));
}

Frame PatternSource::draw(std::uint64_t number) const {
    constexpr double full_turn = 2 * std::numbers::pi;
    const double sway = std::sin(full_turn * static_cast<double>(number % 90) / 90);
    const double orbit = full_turn * static_cast<double>(number % 60) / 60;
    const YuvColor skin = yuv_of_rgb(222, 170, 140, tags);
    const YuvColor hair = yuv_of_rgb(70, 45, 30, tags);
    const YuvColor shirt = yuv_of_rgb(40, 70, 130, tags);
    const YuvColor ball = yuv_of_rgb(240, 200, 40, tags);

    // Sizes are shares of the height; across they are narrowed to the picture's shape.
    Frame frame = background_;
    const double x = 0.5 + 0.12 * sway;
    const auto across = [&](double share) { return share * aspect_; };
    fill_ellipse(frame, 0.8 + across(0.12) * std::cos(orbit), 0.3 + 0.12 * std::sin(orbit),
                 across(0.08), 0.08, ball);
    fill_ellipse(frame, x, 1.0, across(0.42), 0.34, shirt);
    fill_ellipse(frame, x, 0.65, across(0.08), 0.12, skin);
    fill_ellipse(frame, x, 0.40, across(0.17), 0.22, hair);
    fill_ellipse(frame, x, 0.44, across(0.14), 0.19, skin);
    write_stamp(frame, static_cast<std::uint32_t>(number));
    return frame;
}

/// Live, like a camera: a picture that nobody was there to take in time is gone.
bool PatternSource::wait_for_next() {
    const Time now = Clock::now();
    if (!origin_) origin_ = now;
    const auto due = static_cast<std::uint64_t>(seconds(now - *origin_) * info_.rate.hertz());
    number_ = std::max(number_, due);
    return interrupt_.sleep_until(*origin_ + time_of(number_));
}

std::optional<Captured> PatternSource::next() {
    if (interrupt_.triggered()) return std::nullopt;
    if (info_.live && !wait_for_next()) return std::nullopt;
    if (length_ > 0 && number_ >= static_cast<std::uint64_t>(length_)) return std::nullopt;

    Captured out = captured_of(draw(number_));
    out.sequence = number_;
    out.captured = info_.live ? Clock::now() : Time{} + time_of(number_);
    ++number_;
    ++delivered_;
    return out;
}

}  // namespace

bool accepts_pattern(const SourceRequest& request) {
    return request.device == plain_name || request.device.starts_with(prefix);
}

std::unique_ptr<Source> open_pattern(const SourceRequest& request) {
    return std::make_unique<PatternSource>(request);
}

}  // namespace scrim
