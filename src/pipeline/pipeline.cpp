#include "pipeline/pipeline.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline/camera_feeds.h"
#include "pipeline/engine.h"
#include "pipeline/handover.h"
#include "pipeline/intake.h"
#include "pipeline/outcome.h"
#include "pipeline/outlets.h"
#include "pipeline/pace.h"
#include "util/log.h"

namespace scrim {
namespace {

// How long an engine waits for the next picture to take over; cameras in the dark give 5 a second.
constexpr Duration handover_patience = std::chrono::seconds(2);

// Between two showings of the cover: who comes to watch sees it soon, and older v4l2loopbacks show
// their device only while pictures flow.
constexpr Duration cover_interval = std::chrono::milliseconds(250);

// How long the camera stays open when the last one who watched has gone: applications close a
// camera and open it again when they try its modes.
constexpr Duration audience_may_return = std::chrono::milliseconds(1500);

template <typename Item>
typename Mailbox<Item>::Keep keep_of(bool live) {
    return live ? Mailbox<Item>::Keep::newest : Mailbox<Item>::Keep::every;
}

}  // namespace

struct Pipeline::State {
    const bool live;
    const std::uint64_t frame_limit;
    CameraFeeds cameras;  // of layers that show a second camera
    Mailbox<Incoming> incoming;
    Intake intake;
    StageClock clock;
    Outcome outcome;
    Outlets outlets;
    std::atomic<bool> wanted{true};         // a sink is left
    std::uint64_t without_mask_before = 0;  // of the engines before
    const Engine::Done finished;            // what becomes of a picture
    std::unique_ptr<Engine> engine;         // once the threads run: of the frames' thread
    Handover<Engine> engines;
    std::vector<std::string> missing;
    Pace pace;

    std::atomic<bool> running{false};
    std::atomic<bool> paused{false};

    mutable std::mutex mutex;  // guards what follows
    bool on_demand = false;
    Time last_watched = Clock::now();
    Statistics counts;
    Time first{};

    std::jthread source_thread;
    std::jthread frames_thread;

    explicit State(PipelineSetup setup);
    ~State() { stop(); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    std::unique_ptr<Engine> make_engine(PipelineSetup& setup, const StreamInfo& info,
                                        ColorTags tags);
    std::vector<SinkRequest> completed(std::vector<SinkRequest> requests,
                                       const StreamInfo& info) const;
    void obey(const Config& config, const StreamInfo& info);
    void start();
    void stop() noexcept { intake.stop(); }
    bool reload(PipelineSetup setup, const std::function<bool()>& valid);
    void say_what_keeps_its_size(const StreamInfo& info) const;

    void follow_demand();
    void run_frames();
    void renew_engine(const Captured* next);
    bool show(Captured picture);
    void show_cover(std::uint64_t sequence);
    void end_frames();
    void count_frame(std::uint64_t without_mask);
    void count_broken(const DecodeError& error);
};

/// THE page: who is wired to whom.
Pipeline::State::State(PipelineSetup setup)
    : live(setup.source.live),
      frame_limit(setup.frame_limit),
      cameras(live),
      incoming(keep_of<Incoming>(live)),
      intake(setup.source, incoming, setup.open),
      outlets({.live = live, .clock = &clock, .audience_changed = [this] { follow_demand(); }},
              outcome, [this] { stop(); }),
      finished([this](const Frame& frame, std::uint64_t without_mask) {
          count_frame(without_mask_before + without_mask);
          if (!outlets.distribute({.frame = frame})) wanted = false;
      }) {
    const StreamInfo info = intake.info();
    const auto requests = completed(setup.sinks, info);
    // Frames are composed in the first sink's tags; a sink that wants others converts for itself.
    const ColorTags tags = requests.empty() ? info.tags : requests.front().tags;
    obey(setup.scene.config, info);
    engine = make_engine(setup, info, tags);
    missing = engine->missing();
    for (const SinkRequest& request : requests)
        outlets.open(request);
}

/// The same page for a pipeline that runs: everything is made beside what runs, then replaces it.
bool Pipeline::State::reload(PipelineSetup setup, const std::function<bool()>& valid) {
    const auto prepare = [&](const StreamInfo& info) {
        const auto present = outlets.requests();
        const ColorTags tags = present.empty() ? info.tags : present.front().tags;
        const Config config = setup.scene.config;
        auto other = make_engine(setup, info, tags);
        other->warm_up();
        if (!valid()) return false;
        const auto requests = completed(setup.sinks, info);
        auto opened = outlets.open_new(requests);
        missing = other->missing();
        obey(config, info);
        engines.offer(std::move(other));
        outlets.replace(requests, std::move(opened));
        say_what_keeps_its_size(info);
        return true;
    };
    const Outlets::Change change(outlets);
    const bool same_source = setup.source == intake.request();
    if (!(same_source ? prepare(intake.info()) : intake.change(setup.source, prepare)))
        return false;
    engines.settle(handover_patience);
    return true;
}

std::unique_ptr<Engine> Pipeline::State::make_engine(PipelineSetup& setup, const StreamInfo& info,
                                                     ColorTags tags) {
    StreamContext stream{.width = info.width,
                         .height = info.height,
                         .tags = tags,
                         .fps = info.rate.hertz(),
                         .live = live,
                         .open_camera = cameras.opener(setup.scene.config.folder)};
    return std::make_unique<Engine>(std::move(setup.scene), stream, clock, setup.networks);
}

/// What the sinks get to know of the pictures.
std::vector<SinkRequest> Pipeline::State::completed(std::vector<SinkRequest> requests,
                                                    const StreamInfo& info) const {
    for (SinkRequest& request : requests) {
        request.width = info.width;
        request.height = info.height;
        request.fps = info.rate.hertz();
        request.tags = find_sink_kind(request).tags(info.tags);
    }
    return requests;
}

/// Takes what a configuration says of a live pipeline itself.
void Pipeline::State::obey(const Config& config, const StreamInfo& info) {
    if (!live) return;
    pace.obey({config.max_fps, config.cpu_budget, info.rate.hertz()});
    const std::lock_guard lock(mutex);
    on_demand = config.on_demand;
}

void Pipeline::State::start() {
    {
        const std::lock_guard lock(mutex);
        last_watched = {};  // nobody has watched yet
    }
    running = true;
    follow_demand();
    outlets.start();
    frames_thread = outcome.spawn(
        "frames", [this] { run_frames(); }, [this] { end_frames(); });
    source_thread = outcome.spawn(
        "source", [this] { intake.run(); }, [] {});
}

void Pipeline::State::say_what_keeps_its_size(const StreamInfo& info) const {
    const auto requests = outlets.requests();
    const auto names = outlets.names();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (requests[i].width == info.width && requests[i].height == info.height) continue;
        spdlog::info(
            "{}: the pictures of {}x{} are fitted into it; it takes their size when Scrim "
            "is started again",
            names[i], info.width, info.height);
    }
}

/// Has the camera open only while its pictures are wanted.
void Pipeline::State::follow_demand() {
    if (!running) return;
    const bool watched = outlets.watched();
    const Time now = Clock::now();
    const std::lock_guard lock(mutex);
    if (watched) last_watched = now;
    intake.want(!paused && (watched || !on_demand || now - last_watched < audience_may_return));
}

void Pipeline::State::run_frames() {
    std::uint64_t taken = 0;
    std::uint64_t sequence = 0;
    bool covered = false;
    while (wanted && (frame_limit == 0 || taken < frame_limit)) {
        auto next = incoming.take_for(cover_interval);
        if (!next && incoming.exhausted()) break;
        if (next) covered = !next->has_value();
        renew_engine(next && *next ? &**next : nullptr);
        if (covered) {
            show_cover(sequence);
        } else if (next) {
            sequence = (*next)->sequence;
            if (show(std::move(**next))) ++taken;
        }
        follow_demand();
    }
    engine->wait();
    end_frames();
}

/// Takes over a new engine if it fits the next picture, and the effort that is allowed now.
void Pipeline::State::renew_engine(const Captured* next) {
    const bool adopted = engines.adopt(engine, [&](const Engine& other) {
        if (next != nullptr && !other.fits(*next)) return false;
        engine->wait();
        without_mask_before += engine->without_mask();
        return true;
    });
    if (!pace.changed(Clock::now()) && !adopted) return;
    engine->wait();
    engine->set_effort(pace.effort());
}

/// False for a picture too many.
bool Pipeline::State::show(Captured picture) {
    if (!pace.pass(picture.captured)) return false;
    try {
        engine->process(std::move(picture), finished);
    } catch (const DecodeError& error) {
        count_broken(error);
    }
    return true;
}

void Pipeline::State::show_cover(std::uint64_t sequence) {
    engine->wait();  // no picture may come after it
    {
        const std::lock_guard lock(mutex);
        ++counts.covers;
    }
    if (!outlets.distribute({.frame = engine->cover(sequence), .cover = true})) wanted = false;
}

void Pipeline::State::end_frames() {
    stop();
    incoming.close();
    outlets.close();
}

void Pipeline::State::count_frame(std::uint64_t without_mask) {
    const Time now = Clock::now();
    const std::lock_guard lock(mutex);
    if (counts.frames++ == 0) first = now;
    counts.elapsed = now - first;
    counts.without_mask = without_mask;
}

void Pipeline::State::count_broken(const DecodeError& error) {
    static RateLimit limit(std::chrono::seconds(5));
    if (limit.pass()) spdlog::warn("dropped a picture: {}", error.what());
    const std::lock_guard lock(mutex);
    ++counts.broken;
}

Pipeline::Pipeline(PipelineSetup setup) : state_(std::make_unique<State>(std::move(setup))) {}

Pipeline::~Pipeline() = default;

StreamInfo Pipeline::source() const {
    return state_->intake.info();
}

std::vector<std::string> Pipeline::sinks() const {
    return state_->outlets.names();
}

const std::vector<std::string>& Pipeline::missing() const {
    return state_->missing;
}

void Pipeline::start() {
    state_->start();
}

bool Pipeline::reload(PipelineSetup setup, const std::function<bool()>& valid) {
    return state_->reload(std::move(setup), valid);
}

void Pipeline::pause(bool paused) {
    state_->paused = paused;
    state_->follow_demand();
}

bool Pipeline::paused() const {
    return state_->paused;
}

bool Pipeline::wait_for(Duration duration) {
    return state_->outcome.wait_for(duration);
}

void Pipeline::join() {
    state_->outcome.wait();
    state_->outcome.rethrow();
}

void Pipeline::stop() noexcept {
    state_->stop();
}

Statistics Pipeline::statistics() const {
    const State& s = *state_;
    Statistics result;
    {
        const std::lock_guard lock(s.mutex);
        result = s.counts;
    }
    result.stages = s.clock.times();
    result.latency = s.clock.latency();
    result.mask_age = s.clock.mask_age();
    result.broken += s.intake.counters().dropped;
    if (const Effort effort = s.pace.effort(); effort != Effort{}) result.effort = describe(effort);
    result.skipped = s.incoming.dropped() + s.outlets.dropped();
    return result;
}

}  // namespace scrim
