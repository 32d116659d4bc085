#include "pipeline/engine.h"

#include <utility>

#include "segment/registry.h"
#include "util/log.h"

namespace scrim {
namespace {

/// A mask given in the network's place is read as the named network would have meant it. Without a
/// name that is the predecessor's default network, whose score is cut at segmentation_threshold:
/// configurations that name none were written for it.
bool given_score_is_hard(const Config& config) {
    return !config.model.starts_with("mediapipe");
}

}  // namespace

Engine::Engine(Scene scene, const StreamContext& stream, StageClock& clock,
               std::optional<Plane> fixed_score)
    : scene_(std::move(scene)),
      stream_(stream),
      clock_(clock),
      fixed_score_(std::move(fixed_score)) {
    scene_.prepare(stream);
    if (!scene_.compositor.needs_mask()) return;
    bool hard = given_score_is_hard(scene_.config);
    if (!fixed_score_) {
        segmenter_ = open_segmenter(scene_.config, stream.width, stream.height);
        hard = segmenter_->hard();
    }
    refiner_.emplace(scene_.config, hard, stream.width, stream.height);
}

void Engine::warm_up() {
    if (!segmenter_) return;
    try {
        segmenter_->segment(solid_frame(stream_.width, stream_.height, stream_.tags,
                                        yuv_of_rgb(0, 0, 0, stream_.tags)));
    } catch (const Error&) {
        // Said and counted when a frame meets it.
    }
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

std::optional<Plane> Engine::person_mask(const Frame& frame) {
    try {
        Score score;
        {
            const auto timer = clock_.measure(Stage::segment);
            score =
                fixed_score_ ? Score{*fixed_score_, frame.sequence} : segmenter_->segment(frame);
        }
        const auto timer = clock_.measure(Stage::mask);
        return refiner_->refine(score);
    } catch (const Error& error) {
        static RateLimit limit(std::chrono::seconds(5));
        if (limit.pass()) {
            spdlog::warn("no person mask, so nobody is shown: {}", error.what());
        }
        refiner_->reset();
        ++without_mask_;
        return std::nullopt;
    }
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
    std::optional<Plane> mask;
    if (refiner_) mask = person_mask(frame);
    const auto timer = clock_.measure(Stage::compose);
    return scene_.compositor.compose(frame, mask ? &*mask : nullptr);
}

}  // namespace scrim
