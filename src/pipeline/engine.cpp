#include "pipeline/engine.h"

#include <utility>

#include "segment/registry.h"
#include "util/log.h"

namespace scrim {
namespace {

constexpr double usual_fps = 30;  // of a camera that does not say

PersonWatch::Options watch_options(const Config& config, const StreamContext& stream) {
    const double fps = stream.fps > 0 ? stream.fps : usual_fps;
    return {.every = stream.live ? config.mask_every : 1,
            .frame_interval =
                std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / fps)),
            .live = stream.live};
}

}  // namespace

Engine::Engine(Scene scene, const StreamContext& stream, StageClock& clock,
               const Networks& networks, std::optional<Plane> given_score)
    : scene_(std::move(scene)), stream_(stream), clock_(clock), networks_(networks) {
    scene_.prepare(stream);
    if (stream.live) cover_.emplace(scene_.config, stream);
    if (!scene_.compositor.needs().any()) return;
    watch_.emplace(finder(scene_.config, std::move(given_score)),
                   watch_options(scene_.config, stream), clock);
}

PersonFinder Engine::finder(const Config& config, std::optional<Plane> given_score) const {
    return {config,    scene_.compositor.needs(), stream_.width, stream_.height,
            networks_, std::move(given_score)};
}

void Engine::set_effort(const Effort& effort) {
    const Effort before = std::exchange(effort_, effort);
    if (!watch_) return;
    watch_->spare(effort.mask_every);
    if (before.light == effort.light) return;
    const auto lighter = with_lighter_network(scene_.config, stream_.width, stream_.height);
    if (!lighter) return;
    try {
        watch_->change(finder(effort.light ? *lighter : scene_.config, std::nullopt));
    } catch (const Error& error) {
        spdlog::warn("the network stays as it is: {}", error.what());
    }
}

void Engine::warm_up() {
    if (!watch_) return;
    watch_->warm_up(solid_frame(stream_.width, stream_.height, stream_.tags,
                                yuv_of_rgb(0, 0, 0, stream_.tags)));
}

bool Engine::fits(const Captured& captured) const {
    return captured.width == stream_.width && captured.height == stream_.height;
}

std::vector<std::string> Engine::missing() const {
    std::vector<std::string> lines;
    for (const Diagnostic& item : scene_.diagnostics.all()) {
        if (item.severity != Diagnostic::Severity::missing) continue;
        lines.push_back(scene_.diagnostics.headline(item));
    }
    if (cover_ && !cover_->missing().empty()) lines.push_back(cover_->missing());
    return lines;
}

Frame Engine::process(const Captured& captured) {
    if (!stream_.live && !fits(captured)) {
        throw DecodeError("a picture of {}x{} in a stream of {}x{}", captured.width,
                          captured.height, stream_.width, stream_.height);
    }
    Frame frame;
    {
        const auto timer = clock_.measure(Stage::decode);
        frame = fitted(with_tags(decoder_.decode(captured), stream_.tags), stream_.width,
                       stream_.height);
    }
    const Person person = watch_ ? watch_->watch(frame) : Person();
    const auto timer = clock_.measure(Stage::compose);
    return scene_.compositor.compose(frame, person);
}

}  // namespace scrim
