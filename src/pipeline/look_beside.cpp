#include "pipeline/look_beside.h"

#include <utility>

#include <pthread.h>

namespace scrim {

Seen look_at(PersonFinder& finder, const Frame& frame) {
    const Time start = Clock::now();
    Sighting sighting = finder.look(frame);
    return {frame.sequence, frame.captured, frame.y, std::move(sighting), Clock::now() - start};
}

LookBeside::LookBeside(PersonFinder& finder) : finder_(finder), thread_([this] { run(); }) {}

LookBeside::~LookBeside() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_one();
}

bool LookBeside::busy() const {
    const std::lock_guard lock(mutex_);
    return frame_.has_value();
}

void LookBeside::begin(Frame frame) {
    {
        const std::lock_guard lock(mutex_);
        frame_ = std::move(frame);
    }
    changed_.notify_one();
}

std::optional<Seen> LookBeside::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seen_, std::nullopt);
}

void LookBeside::run() {
    pthread_setname_np(pthread_self(), "network");
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ended_ || frame_; });
        if (ended_) return;
        const Frame frame = *frame_;
        lock.unlock();
        Seen seen = look_at(finder_, frame);
        lock.lock();
        seen_ = std::move(seen);
        frame_.reset();
    }
}

}  // namespace scrim
