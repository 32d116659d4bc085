#include "pipeline/pipeline.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline/engine.h"
#include "pipeline/mailbox.h"
#include "util/log.h"
#include "util/thread.h"

namespace scrim {
namespace {

/// The first error that any thread met, and how many threads still run.
class Outcome {
  public:
    void begin(int threads) {
        const std::lock_guard lock(mutex_);
        running_ = threads;
    }
    void fail(std::exception_ptr error) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::move(error);
    }
    void end_of_thread() {
        {
            const std::lock_guard lock(mutex_);
            --running_;
        }
        changed_.notify_all();
    }
    bool wait_for(Duration duration) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, duration, [this] { return running_ == 0; });
    }
    void rethrow() {
        const std::lock_guard lock(mutex_);
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int running_ = 0;
    std::exception_ptr error_;
};

/// A sink with its mailbox; `request` holds the tags it wants.
struct Outlet {
    SinkRequest request;
    std::unique_ptr<Sink> sink;
    Mailbox<Frame> mailbox;

    Outlet(SinkRequest r, std::unique_ptr<Sink> s, Mailbox<Frame>::Keep keep)
        : request(std::move(r)), sink(std::move(s)), mailbox(keep) {}
};

}  // namespace

struct Pipeline::State {
    bool live;
    std::uint64_t frame_limit;
    std::unique_ptr<Source> source;
    Mailbox<Captured> captured;
    StageClock clock;
    std::optional<Engine> engine;
    std::vector<std::unique_ptr<Outlet>> outlets;
    std::atomic<int> open_outlets{0};

    Outcome outcome;
    std::vector<std::jthread> threads;

    mutable std::mutex mutex;  // guards what follows
    Statistics counts;
    Time first{};

    explicit State(PipelineSetup setup);

    void run_source();
    void run_engine();
    void run_sink(Outlet& outlet);
    void spawn(const char* name, std::function<void()> work);
    void stop() noexcept { source->interrupt(); }
    void count_frame();
    void count_broken(const DecodeError& error);
};

/// THE page: who is wired to whom.
Pipeline::State::State(PipelineSetup setup)
    : live(setup.source.live),
      frame_limit(setup.frame_limit),
      source(open_source(setup.source)),
      captured(live ? Mailbox<Captured>::Keep::newest : Mailbox<Captured>::Keep::every) {
    const StreamInfo& info = source->info();
    for (SinkRequest& request : setup.sinks) {
        const SinkKind& kind = find_sink_kind(request);
        request.width = info.width;
        request.height = info.height;
        request.fps = info.rate.hertz();
        request.tags = kind.tags(info.tags);
    }
    // Frames are composed in the first sink's tags; a sink that wants others converts for itself.
    const ColorTags tags = setup.sinks.empty() ? info.tags : setup.sinks.front().tags;
    engine.emplace(std::move(setup.scene), StreamContext{info.width, info.height, tags}, clock);
    for (SinkRequest& request : setup.sinks) {
        auto sink = find_sink_kind(request).open(request);
        outlets.push_back(std::make_unique<Outlet>(
            std::move(request), std::move(sink),
            live ? Mailbox<Frame>::Keep::newest : Mailbox<Frame>::Keep::every));
    }
    open_outlets = static_cast<int>(outlets.size());
}

void Pipeline::State::run_source() {
    try {
        while (auto picture = source->next()) {
            if (!captured.put(std::move(*picture))) break;
        }
    } catch (...) {
        outcome.fail(std::current_exception());
    }
    captured.close();
}

void Pipeline::State::run_engine() {
    try {
        std::uint64_t done = 0;
        while (auto picture = captured.take()) {
            try {
                const Frame frame = engine->process(*picture);
                picture.reset();  // the driver gets its buffer back before the sinks are served
                count_frame();
                for (auto& outlet : outlets)
                    outlet->mailbox.put(frame);
            } catch (const DecodeError& error) {
                count_broken(error);
            }
            if (open_outlets == 0 || (frame_limit != 0 && ++done >= frame_limit)) break;
        }
    } catch (...) {
        outcome.fail(std::current_exception());
    }
    stop();
    captured.close();
    for (auto& outlet : outlets)
        outlet->mailbox.close();
}

void Pipeline::State::run_sink(Outlet& outlet) {
    try {
        while (auto frame = outlet.mailbox.take()) {
            const auto timer = clock.measure(Stage::output);
            outlet.sink->write(with_tags(*frame, outlet.request.tags));
        }
        outlet.sink->finish();
    } catch (const Error& error) {
        // A meeting goes on with the sinks that are left; work on files ends at the first error.
        if (live && open_outlets > 1) {
            spdlog::error("{}; going on without it", error.what());
        } else {
            outcome.fail(std::current_exception());
            stop();
        }
    } catch (...) {
        outcome.fail(std::current_exception());
        stop();
    }
    outlet.mailbox.close();
    --open_outlets;
}

void Pipeline::State::spawn(const char* name, std::function<void()> work) {
    threads.emplace_back([this, name, work = std::move(work)] {
        name_thread(name);
        work();
        outcome.end_of_thread();
    });
}

void Pipeline::State::count_frame() {
    const Time now = Clock::now();
    const std::lock_guard lock(mutex);
    if (counts.frames++ == 0) first = now;
    counts.elapsed = now - first;
    counts.without_mask = engine->without_mask();
}

void Pipeline::State::count_broken(const DecodeError& error) {
    static RateLimit limit(std::chrono::seconds(5));
    if (limit.pass()) spdlog::warn("dropped a picture: {}", error.what());
    const std::lock_guard lock(mutex);
    ++counts.broken;
}

Pipeline::Pipeline(PipelineSetup setup) : state_(std::make_unique<State>(std::move(setup))) {}

Pipeline::~Pipeline() {
    stop();
    state_->threads.clear();
}

const StreamInfo& Pipeline::source() const {
    return state_->source->info();
}

std::vector<std::string> Pipeline::sinks() const {
    std::vector<std::string> names;
    for (const auto& outlet : state_->outlets)
        names.push_back(outlet->sink->name());
    return names;
}

void Pipeline::start() {
    State& s = *state_;
    s.outcome.begin(2 + static_cast<int>(s.outlets.size()));
    for (auto& outlet : s.outlets) {
        s.spawn("sink", [&s, &outlet] { s.run_sink(*outlet); });
    }
    s.spawn("frames", [&s] { s.run_engine(); });
    s.spawn("source", [&s] { s.run_source(); });
}

bool Pipeline::wait_for(Duration duration) {
    return state_->outcome.wait_for(duration);
}

void Pipeline::join() {
    state_->threads.clear();
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
    result.broken += s.source->counters().dropped;
    result.skipped = s.captured.dropped();
    for (const auto& outlet : s.outlets)
        result.skipped += outlet->mailbox.dropped();
    return result;
}

}  // namespace scrim
