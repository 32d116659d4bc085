#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "util/clock.h"
#include "util/histogram.h"

namespace scrim {

/// The stages of a frame's way, in its order.
enum class Stage : std::uint8_t { decode, segment, mask, compose, output };
constexpr std::array<std::string_view, 5> stage_names{"decode", "segment", "mask", "compose",
                                                      "output"};

/// What a pipeline has done so far.
struct Statistics {
    struct Times {
        std::uint64_t count = 0;
        Duration total{};
        double mean_ms() const { return count == 0 ? 0 : milliseconds(total) / double(count); }
    };
    std::array<Times, stage_names.size()> stages;
    std::uint64_t frames = 0;        // composed
    std::uint64_t covers = 0;        // times that the cover was shown instead
    std::uint64_t broken = 0;        // could not be decoded, or came broken from the source
    std::uint64_t skipped = 0;       // replaced by a newer one before anybody took them
    std::uint64_t without_mask = 0;  // the network failed: composed with nobody in the picture
    struct MaskAge {
        std::uint64_t count = 0;
        Duration total{}, oldest{};
        double mean_ms() const { return count == 0 ? 0 : milliseconds(total) / double(count); }
    };
    Histogram latency;  // live: from the capture of a picture until each sink had it
    MaskAge mask_age;  // of the masks that pictures were composed with: by how much older than they
    std::string effort;  // what is given up for cpu_budget; empty = nothing
    Duration elapsed{};  // from the first frame to the last
    double rate() const {
        return frames < 2 || elapsed <= Duration{} ? 0 : double(frames - 1) / seconds(elapsed);
    }
};

/// Gathers stage times, latencies and the masks' ages, from several threads.
class StageClock {
  public:
    /// Adds the time from construction to destruction to one stage.
    class Scope {
      public:
        Scope(StageClock& clock, Stage stage) : clock_(clock), stage_(stage) {}
        ~Scope() { clock_.add(stage_, Clock::now() - start_); }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

      private:
        StageClock& clock_;
        Stage stage_;
        Time start_ = Clock::now();
    };

    Scope measure(Stage stage) { return {*this, stage}; }

    void add(Stage stage, Duration duration) {
        const std::lock_guard lock(mutex_);
        auto& times = times_[static_cast<std::size_t>(stage)];
        ++times.count;
        times.total += duration;
    }

    void add_latency(Duration latency) {
        const std::lock_guard lock(mutex_);
        latency_.add(latency);
    }

    void add_mask_age(Duration age) {
        const std::lock_guard lock(mutex_);
        ++mask_age_.count;
        mask_age_.total += age;
        mask_age_.oldest = std::max(mask_age_.oldest, age);
    }

    std::array<Statistics::Times, stage_names.size()> times() const {
        const std::lock_guard lock(mutex_);
        return times_;
    }
    Histogram latency() const {
        const std::lock_guard lock(mutex_);
        return latency_;
    }
    Statistics::MaskAge mask_age() const {
        const std::lock_guard lock(mutex_);
        return mask_age_;
    }

  private:
    mutable std::mutex mutex_;
    std::array<Statistics::Times, stage_names.size()> times_{};
    Histogram latency_;
    Statistics::MaskAge mask_age_;
};

}  // namespace scrim
