#include "filter/reel.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace scrim {

ClipReel::ClipReel(std::filesystem::path path, const Options& options, Fitter fitter)
    : path_(std::move(path)), options_(options), fitter_(std::move(fitter)) {}

std::optional<Duration> ClipReel::next_of_file() {
    if (reader_ == nullptr) {
        reader_ = open_clip(path_, {.only_pictures = options_.only_pictures, .stop = &stop_});
        played_ = {};
    }
    const std::optional<Duration> shown = reader_->next();
    if (!shown) rewind();
    return shown;
}

/// How many of the moments at which a picture is taken, the first at 0, come before that time.
/// Times in files are rounded, often to milliseconds.
std::int64_t ClipReel::ticks_before(Duration time) const {
    constexpr Duration rounding = std::chrono::microseconds(500);
    const double ticks = seconds(time - rounding) * options_.pictures_per_second;
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(ticks)));
}

std::optional<Duration> ClipReel::next() {
    if (options_.pictures_per_second <= 0) return next_of_file();
    // Pictures between two such moments are decoded, but nobody sees them.
    while (const std::optional<Duration> shown = next_of_file()) {
        const std::int64_t first = ticks_before(played_);
        played_ += *shown;
        const std::int64_t ticks = ticks_before(played_) - first;
        if (ticks == 0) continue;
        return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
            static_cast<double>(ticks) / options_.pictures_per_second));
    }
    return std::nullopt;
}

}  // namespace scrim
