#include "pipeline/engine.h"

#include <utility>

namespace scrim {
namespace {

constexpr double usual_fps = 30;  // of a camera that does not say

PersonWatch::Options watch_options(const Config& config, const StreamContext& stream) {
    const double fps = stream.fps > 0 ? stream.fps : usual_fps;
    return {.every = stream.live ? config.mask_every : 1,
            .frame_interval =
                std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / fps))};
}

}  // namespace

Engine::Engine(Scene scene, const StreamContext& stream, StageClock& clock,
               const Networks& networks, std::optional<Plane> given_score)
    : scene_(std::move(scene)), stream_(stream), clock_(clock) {
    scene_.prepare(stream);
    const PersonNeeds& needs = scene_.compositor.needs();
    if (!needs.any()) return;
    watch_.emplace(PersonFinder(scene_.config, needs, stream.width, stream.height, networks,
                                std::move(given_score)),
                   watch_options(scene_.config, stream), clock);
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
    return lines;
}

Frame Engine::process(const Captured& captured) {
    if (!fits(captured)) {
        throw DecodeError("a picture of {}x{} in a stream of {}x{}", captured.width,
                          captured.height, stream_.width, stream_.height);
    }
    Frame frame;
    {
        const auto timer = clock_.measure(Stage::decode);
        frame = with_tags(decoder_.decode(captured), stream_.tags);
    }
    const Person person = watch_ ? watch_->watch(frame) : Person();
    const auto timer = clock_.measure(Stage::compose);
    return scene_.compositor.compose(frame, person);
}

}  // namespace scrim
