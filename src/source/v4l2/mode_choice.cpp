#include "source/v4l2/mode_choice.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <tuple>

#include "v4l2/formats.h"

namespace scrim {
namespace {

constexpr int good_width = 1280;
constexpr int good_height = 720;
constexpr double good_fps = 30;
// 29.97 is 30; and a size chosen freely may run a little slower than wished before a smaller one
// is better for a call.
constexpr double same_rate = 0.99;
constexpr double flows_well = 0.8;

struct Candidate {
    const v4l2::Mode* mode;
    PixelFormat format;
    v4l2::Fraction rate;
    double reached;  // pictures a second, at most as many as wanted
};

/// Cheapest to decode first; colour before grey.
int cost(PixelFormat format) {
    switch (format) {
        case PixelFormat::yu12:
            return 0;
        case PixelFormat::nv12:
            return 1;
        case PixelFormat::yuyv:
            return 2;
        case PixelFormat::mjpeg:
            return 3;
        case PixelFormat::h264:
            return 4;
        case PixelFormat::rgb24:
            return 5;
        case PixelFormat::gray:
            return 6;
    }
    return 7;
}

bool last_resort(PixelFormat format) {
    return cost(format) > cost(PixelFormat::h264);
}

/// The slowest rate that is fast enough, else the fastest.
v4l2::Fraction choose_rate(const v4l2::Mode& mode, double wanted) {
    v4l2::Fraction best;
    if (mode.rates.empty()) return best;
    if (mode.any_between) {
        const auto& slowest = mode.rates.front();
        const auto& fastest = mode.rates.back();
        if (wanted <= slowest.value()) return slowest;
        if (wanted >= fastest.value()) return fastest;
        return {static_cast<std::uint32_t>(std::lround(wanted * 1000)), 1000};
    }
    for (const auto& rate : mode.rates) {
        const bool enough = rate.value() >= wanted * same_rate;
        const bool best_enough = best.value() >= wanted * same_rate;
        const bool better =
            enough && best_enough ? rate.value() < best.value() : rate.value() > best.value();
        if (better) best = rate;
    }
    return best;
}

/// Keeps those for which `good` holds, if there are any.
template <typename Predicate>
bool prefer(std::vector<Candidate>& candidates, Predicate good) {
    if (std::none_of(candidates.begin(), candidates.end(), good)) return false;
    std::erase_if(candidates, [&good](const Candidate& c) { return !good(c); });
    return true;
}

std::vector<Candidate> readable(std::span<const v4l2::Mode> modes, double wanted_fps) {
    std::vector<Candidate> candidates;
    for (const auto& mode : modes) {
        const auto format = v4l2::pixel_format_of(mode.fourcc);
        if (!format || mode.width < 1 || mode.height < 1) continue;
        const auto rate = choose_rate(mode, wanted_fps);
        // A driver that does not say its rates is believed to reach what is wanted.
        const double reached = mode.rates.empty() ? wanted_fps : std::min(rate.value(), wanted_fps);
        candidates.push_back({&mode, *format, rate, reached});
    }
    return candidates;
}

/// How far a size is from what was asked: a missing side follows from 16:9 and counts less.
std::tuple<int, int, int> distance(const v4l2::Mode& mode, const SourceRequest& request) {
    const int wide = request.width.value_or(
        request.height ? *request.height * good_width / good_height : good_width);
    const int high = request.height.value_or(
        request.width ? *request.width * good_height / good_width : good_height);
    const int off_x = std::abs(mode.width - wide);
    const int off_y = std::abs(mode.height - high);
    const bool both = request.width.has_value() == request.height.has_value();
    const int area = mode.width * mode.height;
    if (both) return {off_x + off_y, 0, -area};
    return request.width ? std::tuple(off_x, off_y, -area) : std::tuple(off_y, off_x, -area);
}

double fastest(const std::vector<Candidate>& candidates) {
    double best = 0;
    for (const auto& c : candidates)
        best = std::max(best, c.reached);
    return best;
}

void apply_mjpeg_choice(std::vector<Candidate>& candidates, MjpegChoice choice,
                        std::vector<std::string>& notes) {
    const auto is_mjpeg = [](const Candidate& c) { return c.format == PixelFormat::mjpeg; };
    if (choice == MjpegChoice::yes && !prefer(candidates, is_mjpeg)) {
        notes.emplace_back("the camera offers no MJPEG (mjpeg: yes is ignored)");
    }
    if (choice == MjpegChoice::no &&
        !prefer(candidates, [&](const Candidate& c) { return !is_mjpeg(c); })) {
        notes.emplace_back("the camera offers nothing but MJPEG (mjpeg: no is ignored)");
    }
    prefer(candidates, [](const Candidate& c) { return !last_resort(c.format); });
}

void note_differences(ModeChoice& choice, const SourceRequest& request) {
    if (request.width.value_or(choice.width) != choice.width ||
        request.height.value_or(choice.height) != choice.height) {
        const auto side = [](std::optional<int> n) { return n ? std::to_string(*n) : "any"; };
        choice.notes.push_back(fmt::format("the camera has no {}x{}{}; {}x{} is nearest",
                                           side(request.width), side(request.height),
                                           request.mjpeg == MjpegChoice::no ? " without MJPEG" : "",
                                           choice.width, choice.height));
    }
    const double rate = choice.rate.value();
    if (request.fps && rate > 0 && rate < *request.fps * same_rate) {
        choice.notes.push_back(
            fmt::format("the camera gives {:.4g} pictures a second at {}x{}, not {:.4g}", rate,
                        choice.width, choice.height, *request.fps));
    }
}

}  // namespace

std::optional<ModeChoice> choose_mode(std::span<const v4l2::Mode> modes,
                                      const SourceRequest& request) {
    const double wanted_fps = request.fps.value_or(good_fps);
    auto candidates = readable(modes, wanted_fps);
    if (candidates.empty()) return std::nullopt;

    ModeChoice choice;
    apply_mjpeg_choice(candidates, request.mjpeg, choice.notes);
    if (!request.width && !request.height) {
        const double enough = flows_well * fastest(candidates);
        prefer(candidates, [enough](const Candidate& c) { return c.reached >= enough; });
    }
    const auto nearest = std::min_element(
        candidates.begin(), candidates.end(), [&request](const Candidate& a, const Candidate& b) {
            return distance(*a.mode, request) < distance(*b.mode, request);
        });
    const v4l2::Mode& size = *nearest->mode;
    prefer(candidates, [&size](const Candidate& c) {
        return c.mode->width == size.width && c.mode->height == size.height;
    });
    const double enough = same_rate * fastest(candidates);
    prefer(candidates, [enough](const Candidate& c) { return c.reached >= enough; });
    const auto& best = *std::min_element(
        candidates.begin(), candidates.end(),
        [](const Candidate& a, const Candidate& b) { return cost(a.format) < cost(b.format); });

    choice.format = best.format;
    choice.fourcc = best.mode->fourcc;
    choice.width = best.mode->width;
    choice.height = best.mode->height;
    choice.rate = best.rate;
    note_differences(choice, request);
    return choice;
}

}  // namespace scrim
