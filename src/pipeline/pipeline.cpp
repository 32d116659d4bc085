#include "pipeline/pipeline.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline/camera_feeds.h"
#include "pipeline/engine.h"
#include "pipeline/handover.h"
#include "pipeline/intake.h"
#include "pipeline/outcome.h"
#include "pipeline/outlet.h"
#include "util/log.h"

namespace scrim {
namespace {

// How long an engine waits for the next picture to take over; cameras in the dark give 5 a second.
constexpr Duration handover_patience = std::chrono::seconds(2);

template <typename Item>
typename Mailbox<Item>::Keep keep_of(bool live) {
    return live ? Mailbox<Item>::Keep::newest : Mailbox<Item>::Keep::every;
}

/// An outlet with its thread; ends and waits when it goes.
struct RunningOutlet {
    std::shared_ptr<Outlet> outlet;
    std::jthread thread;

    explicit RunningOutlet(std::shared_ptr<Outlet> o) : outlet(std::move(o)) {}
    RunningOutlet(RunningOutlet&&) = default;
    RunningOutlet& operator=(RunningOutlet&&) = default;
    ~RunningOutlet() {
        if (outlet) outlet->close();
    }
};

}  // namespace

struct Pipeline::State {
    bool live;
    std::uint64_t frame_limit;
    CameraFeeds cameras;  // of layers that show a second camera
    Mailbox<Captured> captured;
    Intake intake;
    StageClock clock;
    Outcome outcome;
    std::unique_ptr<Engine> engine;  // once the threads run: of the frames' thread
    Handover<Engine> engines;
    std::vector<std::string> missing;

    std::vector<std::shared_ptr<Outlet>> targets;  // of the frames' thread: the outlets ...
    unsigned targets_generation = 0;               // ... when they were of this generation

    mutable std::mutex mutex;            // guards what follows
    std::vector<RunningOutlet> outlets;  // only reload() changes them
    unsigned generation = 1;             // of the outlets
    bool reloading = false;              // there may be no outlet for a moment
    Statistics counts;
    Time first{};

    std::jthread source_thread;
    std::jthread frames_thread;

    struct ReloadMark;

    explicit State(PipelineSetup setup);
    ~State() { stop(); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    std::unique_ptr<Engine> make_engine(PipelineSetup& setup, const StreamInfo& info,
                                        ColorTags tags);
    SinkRequest completed(SinkRequest request, const StreamInfo& info) const;
    void start();
    void start(RunningOutlet& running);
    void stop() noexcept { intake.stop(); }
    bool reload(PipelineSetup setup, const std::function<bool()>& valid);
    std::vector<RunningOutlet> open_new(const std::vector<SinkRequest>& requests,
                                        const StreamInfo& info);
    RunningOutlet open_outlet(const SinkRequest& request, const StreamInfo& info);
    std::optional<SinkRequest> end_outlet_of(const std::string& target);
    void add_outlet(RunningOutlet running);
    void replace_outlets(const std::vector<SinkRequest>& requests,
                         std::vector<RunningOutlet> opened);
    void say_what_keeps_its_size(const StreamInfo& info) const;

    void run_frames();
    void run_outlet(Outlet& outlet);
    bool distribute(const Frame& frame);
    void end_frames();
    void count_frame(std::uint64_t without_mask);
    void count_broken(const DecodeError& error);
};

/// Sets State::reloading for as long as it lives.
struct Pipeline::State::ReloadMark {
    explicit ReloadMark(State& state) : state_(state) { set(true); }
    ~ReloadMark() { set(false); }
    ReloadMark(const ReloadMark&) = delete;
    ReloadMark& operator=(const ReloadMark&) = delete;

  private:
    void set(bool reloading) {
        const std::lock_guard lock(state_.mutex);
        state_.reloading = reloading;
    }
    State& state_;
};

/// THE page: who is wired to whom.
Pipeline::State::State(PipelineSetup setup)
    : live(setup.source.live),
      frame_limit(setup.frame_limit),
      cameras(live),
      captured(keep_of<Captured>(live)),
      intake(setup.source, captured) {
    const StreamInfo info = intake.info();
    for (SinkRequest& request : setup.sinks)
        request = completed(std::move(request), info);
    // Frames are composed in the first sink's tags; a sink that wants others converts for itself.
    const ColorTags tags = setup.sinks.empty() ? info.tags : setup.sinks.front().tags;
    engine = make_engine(setup, info, tags);
    missing = engine->missing();
    for (SinkRequest& request : setup.sinks) {
        outlets.emplace_back(
            std::make_shared<Outlet>(std::move(request), keep_of<Frame>(live), clock));
    }
}

/// The same page for a pipeline that runs: everything is made beside what runs, then replaces it.
bool Pipeline::State::reload(PipelineSetup setup, const std::function<bool()>& valid) {
    const auto prepare = [&](const StreamInfo& info) {
        const ColorTags tags = outlets.empty() ? info.tags : outlets.front().outlet->request().tags;
        auto other = make_engine(setup, info, tags);
        other->warm_up();
        if (!valid()) return false;
        auto opened = open_new(setup.sinks, info);
        missing = other->missing();
        engines.offer(std::move(other));
        replace_outlets(setup.sinks, std::move(opened));
        say_what_keeps_its_size(info);
        return true;
    };
    const ReloadMark mark(*this);
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

/// What the sink gets to know of the pictures.
SinkRequest Pipeline::State::completed(SinkRequest request, const StreamInfo& info) const {
    request.width = info.width;
    request.height = info.height;
    request.fps = info.rate.hertz();
    request.tags = find_sink_kind(request).tags(info.tags);
    return request;
}

void Pipeline::State::start() {
    for (RunningOutlet& running : outlets)
        start(running);
    frames_thread = outcome.spawn(
        "frames", [this] { run_frames(); }, [this] { end_frames(); });
    source_thread = outcome.spawn(
        "source", [this] { intake.run(); }, [] {});
}

void Pipeline::State::start(RunningOutlet& running) {
    running.thread = outcome.spawn(
        "sink", [this, outlet = running.outlet] { run_outlet(*outlet); }, [this] { stop(); });
}

/// Outlets for the requests that are not served yet.
std::vector<RunningOutlet> Pipeline::State::open_new(const std::vector<SinkRequest>& requests,
                                                     const StreamInfo& info) {
    std::vector<RunningOutlet> opened;
    for (const SinkRequest& request : requests) {
        const bool served = std::any_of(outlets.begin(), outlets.end(), [&](const auto& running) {
            return same_target(running.outlet->request(), request);
        });
        if (!served) opened.push_back(open_outlet(request, info));
    }
    return opened;
}

RunningOutlet Pipeline::State::open_outlet(const SinkRequest& request, const StreamInfo& info) {
    const auto make = [this](const SinkRequest& complete) {
        return RunningOutlet(std::make_shared<Outlet>(complete, keep_of<Frame>(live), clock));
    };
    // The same device in another format: nobody can have it open twice.
    const auto before = end_outlet_of(request.target);
    try {
        return make(completed(request, info));
    } catch (const Error&) {
        if (before) {
            RunningOutlet again = make(*before);
            start(again);
            add_outlet(std::move(again));
        }
        throw;
    }
}

std::optional<SinkRequest> Pipeline::State::end_outlet_of(const std::string& target) {
    std::unique_lock lock(mutex);
    const auto found = std::find_if(outlets.begin(), outlets.end(), [&](const auto& running) {
        return running.outlet->request().target == target;
    });
    if (found == outlets.end()) return std::nullopt;
    const RunningOutlet ended = std::move(*found);
    outlets.erase(found);
    ++generation;
    lock.unlock();
    return ended.outlet->request();
}

void Pipeline::State::add_outlet(RunningOutlet running) {
    const std::lock_guard lock(mutex);
    outlets.push_back(std::move(running));
    ++generation;
}

/// Starts what was opened, and ends what no request names any more.
void Pipeline::State::replace_outlets(const std::vector<SinkRequest>& requests,
                                      std::vector<RunningOutlet> opened) {
    for (RunningOutlet& running : opened) {
        start(running);
        add_outlet(std::move(running));
    }
    std::vector<RunningOutlet> gone;  // outlives the lock: its threads may need it to end
    const std::lock_guard lock(mutex);
    const auto last = std::stable_partition(outlets.begin(), outlets.end(), [&](const auto& one) {
        return std::any_of(requests.begin(), requests.end(), [&](const SinkRequest& request) {
            return same_target(one.outlet->request(), request);
        });
    });
    if (last == outlets.end()) return;
    std::move(last, outlets.end(), std::back_inserter(gone));
    outlets.erase(last, outlets.end());
    ++generation;
}

void Pipeline::State::say_what_keeps_its_size(const StreamInfo& info) const {
    for (const RunningOutlet& running : outlets) {
        const SinkRequest& request = running.outlet->request();
        if (request.width == info.width && request.height == info.height) continue;
        spdlog::info(
            "{}: the pictures of {}x{} are fitted into it; it takes their size when Scrim "
            "is started again",
            running.outlet->name(), info.width, info.height);
    }
}

void Pipeline::State::run_frames() {
    std::uint64_t done = 0;
    std::uint64_t without_mask_before = 0;
    while (auto picture = captured.take()) {
        const std::uint64_t without_mask = engine->without_mask();
        if (engines.adopt(engine, [&](const Engine& other) { return other.fits(*picture); })) {
            without_mask_before += without_mask;
        }
        bool wanted = true;
        try {
            const Frame frame = engine->process(*picture);
            picture.reset();  // the driver gets its buffer back before the sinks are served
            count_frame(without_mask_before + engine->without_mask());
            wanted = distribute(frame);
        } catch (const DecodeError& error) {
            count_broken(error);
        }
        if (!wanted || (frame_limit != 0 && ++done >= frame_limit)) break;
    }
    end_frames();
}

/// False where no sink is left.
bool Pipeline::State::distribute(const Frame& frame) {
    {
        const std::lock_guard lock(mutex);
        if (targets_generation != generation) {
            targets.clear();
            for (const RunningOutlet& running : outlets)
                targets.push_back(running.outlet);
            targets_generation = generation;
        }
    }
    for (const auto& target : targets)
        target->put(frame);
    if (std::any_of(targets.begin(), targets.end(), [](const auto& one) { return one->open(); })) {
        return true;
    }
    const std::lock_guard lock(mutex);
    return reloading || targets_generation != generation;  // others have taken their place
}

void Pipeline::State::end_frames() {
    stop();
    captured.close();
    const std::lock_guard lock(mutex);
    for (const RunningOutlet& running : outlets)
        running.outlet->close();
}

void Pipeline::State::run_outlet(Outlet& outlet) {
    try {
        outlet.run();
    } catch (const Error& error) {
        // A meeting goes on with the sinks that are left; work on files ends at the first error.
        const auto at_work = [](const RunningOutlet& running) { return running.outlet->open(); };
        std::unique_lock lock(mutex);
        if (!live || std::none_of(outlets.begin(), outlets.end(), at_work)) throw;
        lock.unlock();
        spdlog::error("{}; going on without it", error.what());
    }
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
    const std::lock_guard lock(state_->mutex);
    std::vector<std::string> names;
    for (const RunningOutlet& running : state_->outlets)
        names.push_back(running.outlet->name());
    return names;
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
    std::uint64_t skipped = s.captured.dropped();
    {
        const std::lock_guard lock(s.mutex);
        result = s.counts;
        for (const RunningOutlet& running : s.outlets)
            skipped += running.outlet->dropped();
    }
    result.stages = s.clock.times();
    result.mask_age = s.clock.mask_age();
    result.broken += s.intake.dropped();
    result.skipped = skipped;
    return result;
}

}  // namespace scrim
