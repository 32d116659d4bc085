#include "pipeline/engine.h"

#include <utility>

#include "segment/registry.h"
#include "source/source.h"
#include "util/log.h"

namespace scrim {
namespace {

PersonWatch::Options watch_options(const Config& config, const StreamContext& stream) {
    const double fps = stream.fps > 0 ? stream.fps : usual_rate;
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
    const bool needs_person = scene_.compositor.needs().any();
    const int threads = threads_of(scene_.config);
    overlapping_ = threads > 1 && scene_.config.pipeline == PipelineMode::throughput;
    if (overlapping_ || (threads > 1 && needs_person)) composer_.emplace("compose");
    if (overlapping_ && threads > 2 && needs_person) watcher_.emplace("watch");
    if (needs_person) {
        watch_.emplace(finder(scene_.config, std::move(given_score)),
                       watch_options(scene_.config, stream), clock);
    }
    Plane::release_unused();  // what reading pictures and networks took
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

void Engine::run_networks() {
    if (watch_) watch_->run_networks();
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

Frame Engine::decoded(const Captured& captured) {
    if (!stream_.live && !fits(captured)) {
        throw DecodeError("a picture of {}x{} in a stream of {}x{}", captured.width,
                          captured.height, stream_.width, stream_.height);
    }
    const auto timer = clock_.measure(Stage::decode);
    return fitted(with_tags(decoder_.decode(captured), stream_.tags), stream_.width,
                  stream_.height);
}

/// Whether the networks need not wait for the whole picture.
bool Engine::looks_at_small(const Captured& captured) const {
    return watch_ && watch_->shrink() >= Decoder::least_shrink &&
           captured.format == PixelFormat::mjpeg && fits(captured);
}

Frame Engine::thumbnail(const Captured& captured) {
    const auto timer = clock_.measure(Stage::decode);
    return with_tags(decoder_.thumbnail(captured, watch_->shrink()), stream_.tags);
}

Frame Engine::rest_decoded() {
    const auto timer = clock_.measure(Stage::decode);
    return with_tags(decoder_.rest(), stream_.tags);
}

Person Engine::find_person(const Frame& frame) {
    return watch_ ? watch_->watch(frame) : Person();
}

Frame Engine::composed(const Frame& frame, const Person& person) {
    const auto timer = clock_.measure(Stage::compose);
    return scene_.compositor.compose(frame, person);
}

Frame Engine::process(const Captured& captured) {
    const bool beside = scene_.compositor.has_beginning() || looks_at_small(captured);
    if (composer_ && !overlapping_ && beside) return process_beside(captured);
    const Frame frame = decoded(captured);
    return composed(frame, find_person(frame));
}

/// The composer's thread does what needs no mask, this one finds the person meanwhile.
Frame Engine::process_beside(const Captured& captured) {
    rest_is_due_ = looks_at_small(captured);
    const Frame seen = rest_is_due_ ? thumbnail(captured) : decoded(captured);
    if (!rest_is_due_) begun_.input = seen;
    composer_->start([this] {
        if (rest_is_due_) begun_.input = rest_decoded();
        const Time start = Clock::now();
        begun_ = scene_.compositor.begin(begun_.input);
        begun_in_ = Clock::now() - start;
    });
    Person person;
    try {
        person = find_person(seen);
    } catch (...) {
        settle();
        throw;
    }
    composer_->wait();
    const Time start = Clock::now();
    Frame finished = scene_.compositor.finish(std::move(begun_), person);
    clock_.add(Stage::compose, begun_in_ + (Clock::now() - start));
    return finished;
}

void Engine::process(Captured captured, const Done& done) {
    if (!overlapping_) {
        const Frame frame = process(captured);
        captured = {};  // the driver gets its buffer back before the sinks are served
        done(frame, without_mask());
        return;
    }
    Work work{.frame = decoded(captured), .done = &done};
    captured = {};
    if (!watcher_) return watch_and_hand_on(std::move(work));
    watcher_->wait();
    to_watch_ = std::move(work);
    watcher_->start([this] { watch_and_hand_on(std::move(to_watch_)); });
}

/// Waits for the frame before to be composed, so that no more are on their way than there are
/// threads to work on them.
void Engine::watch_and_hand_on(Work work) {
    work.person = find_person(work.frame);
    work.without_mask = without_mask();
    composer_->wait();
    to_compose_ = std::move(work);
    composer_->start([this] {
        const Work present = std::move(to_compose_);
        (*present.done)(composed(present.frame, present.person), present.without_mask);
    });
}

/// Waits for the composer, which looks at this frame's memory, however its work ends.
void Engine::settle() noexcept {
    try {
        composer_->wait();
    } catch (...) {  // most likely what is wrong with the small picture is wrong with the whole one
    }
}

void Engine::wait() {
    if (watcher_) watcher_->wait();
    if (composer_) composer_->wait();
}

}  // namespace scrim
