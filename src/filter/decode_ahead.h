#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "filter/player.h"

namespace scrim {

/// Plays a reel that a thread of its own decodes a few pictures ahead: at() never waits. Pictures
/// whose time is over before they are decoded are left out; who is too late for that does not catch
/// up any more, the reel goes on from there.
class DecodeAhead final : public Player {
  public:
    /// Decodes the first picture; throws where there is none.
    explicit DecodeAhead(std::unique_ptr<Reel> reel);
    /// Stops the thread soon.
    ~DecodeAhead() override;
    DecodeAhead(const DecodeAhead&) = delete;
    DecodeAhead& operator=(const DecodeAhead&) = delete;

    const Frame& at(Duration time) override;
    bool moves() const override { return true; }

  private:
    struct Ready {
        Duration start{};
        Frame frame;
    };
    void run();
    std::optional<Duration> next_of_any_round();
    bool wait_for_room();
    bool nobody_sees(Duration end);

    std::unique_ptr<Reel> reel_;  // the thread's, interrupt() excepted
    Frame frame_;                 // at()'s

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::deque<Ready> ready_;
    Duration now_{};
    bool stop_ = false;

    int left_out_ = 0;  // the thread's, in a row
    Duration end_{};    // the thread's: of the last picture
    std::thread thread_;
};

}  // namespace scrim
