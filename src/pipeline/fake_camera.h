#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/intake.h"
#include "util/error.h"

namespace scrim {

/// A camera for tests that does what it is told: grey pictures of 64x48, one every five
/// milliseconds. Threads: all methods from any.
class FakeCamera {
  public:
    std::atomic<bool> plugged{true};
    std::atomic<bool> hangs{false};
    std::atomic<int> fails_next{0};  // so many pictures end in an error
    std::atomic<int> opened{0};      // how often it was opened
    std::atomic<int> open_now{0};    // how many have it open
    std::atomic<int> width{64};

    SourceOpener opener() {
        return [this](const SourceRequest& request) { return open(request); };
    }
    /// What was asked of it last.
    SourceRequest last_request() const {
        const std::lock_guard lock(mutex_);
        return last_request_;
    }

  private:
    class Stream final : public Source {
      public:
        explicit Stream(FakeCamera& camera) : camera_(camera) {
            info_.name = "fake camera";
            info_.identity = "fake-serial";
            info_.width = camera.width;
            info_.height = 48;
            info_.rate = {200, 1};
            info_.live = true;
            ++camera_.opened;
            ++camera_.open_now;
        }
        ~Stream() override { --camera_.open_now; }
        Stream(const Stream&) = delete;
        Stream& operator=(const Stream&) = delete;

        const StreamInfo& info() const override { return info_; }
        Counters counters() const override { return {}; }
        void interrupt() noexcept override { interrupted_ = true; }

        std::optional<Captured> next() override {
            const Time until = Clock::now() + std::chrono::milliseconds(200);
            do {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                if (interrupted_) return std::nullopt;
                if (!camera_.plugged) throw Error("the fake camera is gone");
                if (Clock::now() > until) throw Error("the fake camera gives no pictures");
            } while (camera_.hangs);
            if (camera_.fails_next > 0) {
                --camera_.fails_next;
                throw Error("the fake camera reports an error");
            }
            return picture();
        }

      private:
        Captured picture() {
            Captured captured = captured_of(solid_frame(info_.width, 48, {}, {90, 128, 128}));
            captured.sequence = sequence_++;
            captured.captured = Clock::now();
            return captured;
        }

        FakeCamera& camera_;
        StreamInfo info_;
        std::atomic<bool> interrupted_{false};
        std::uint64_t sequence_ = 0;
    };

    std::unique_ptr<Source> open(const SourceRequest& request) {
        {
            const std::lock_guard lock(mutex_);
            last_request_ = request;
        }
        if (!plugged) throw Error("there is no fake camera");
        if (open_now > 0) throw Error("the fake camera is used by another program");
        return std::make_unique<Stream>(*this);
    }

    mutable std::mutex mutex_;
    SourceRequest last_request_;
};

}  // namespace scrim
