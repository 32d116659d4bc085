#include "filter/player.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "filter/decode_ahead.h"
#include "util/error.h"

namespace scrim {
namespace {

std::size_t bytes_of(const Frame& frame) {
    std::size_t bytes = 0;
    for (const Plane* const plane : {&frame.y, &frame.u, &frame.v, &frame.alpha}) {
        bytes +=
            static_cast<std::size_t>(plane->stride()) * static_cast<std::size_t>(plane->height());
    }
    return bytes;
}

class Held final : public Player {
  public:
    explicit Held(std::vector<Shown> pictures) : pictures_(std::move(pictures)) {
        Duration end{};
        for (const Shown& picture : pictures_)
            ends_.push_back(end += picture.duration);
    }

    const Frame& at(Duration time) override {
        if (!moves()) return pictures_.front().frame;
        const Duration into = std::max(time + frame_time_rounding, Duration::zero()) % ends_.back();
        const auto past = std::upper_bound(ends_.begin(), ends_.end(), into);
        return pictures_[static_cast<std::size_t>(past - ends_.begin())].frame;
    }

    bool moves() const override { return pictures_.size() > 1; }

  private:
    std::vector<Shown> pictures_;
    std::vector<Duration> ends_;  // of each since the beginning of the round
};

/// Decodes in at() what belongs to the time.
class Decoding final : public Player {
  public:
    explicit Decoding(std::unique_ptr<Reel> reel) : reel_(std::move(reel)) {
        const std::optional<Duration> first = reel_->next();
        if (!first) throw Error("there is no picture in it");
        end_ = *first;
        frame_ = reel_->picture();
    }

    const Frame& at(Duration time) override {
        try {
            go_to(std::max(time + frame_time_rounding, Duration::zero()));
        } catch (const std::exception&) {
            dead_ = true;
        }
        return frame_;
    }

    bool moves() const override { return true; }

  private:
    void go_to(Duration time) {
        if (time < start_) begin_again();
        bool changed = false;
        while (!dead_ && end_ <= time) {
            changed = advance(time) || changed;
        }
        if (changed && !dead_) frame_ = reel_->picture();
    }

    /// The time runs backwards: from the beginning.
    void begin_again() {
        reel_->rewind();
        start_ = end_ = round_start_ = {};
    }

    bool advance(Duration time) {
        std::optional<Duration> shown = next_of_round();
        if (!shown) {
            // Rounds that nobody sees are not decoded.
            const Duration round = end_ - round_start_;
            if (round > Duration::zero()) end_ += (time - end_) / round * round;
            round_start_ = end_;
            shown = next_of_round();
        }
        dead_ = !shown;
        if (dead_) return false;
        start_ = end_;
        end_ += *shown;
        return true;
    }

    /// Where the file is damaged, the round ends.
    std::optional<Duration> next_of_round() {
        try {
            return reel_->next();
        } catch (const Error&) {
            return std::nullopt;
        }
    }

    std::unique_ptr<Reel> reel_;
    Frame frame_;
    Duration round_start_{};
    Duration start_{};   // of the present picture ...
    Duration end_{};     // ... and of the next one
    bool dead_ = false;  // no picture can be read any more
};

}  // namespace

std::optional<std::vector<Shown>> read_all(Reel& reel, std::size_t memory) {
    std::vector<Shown> pictures;
    std::size_t bytes = 0;
    try {
        while (const std::optional<Duration> duration = reel.next()) {
            if (!pictures.empty() && bytes > memory) {
                reel.rewind();
                return std::nullopt;
            }
            pictures.push_back({reel.picture(), *duration});
            bytes += bytes_of(pictures.back().frame);
        }
    } catch (const Error&) {
        if (pictures.empty()) throw;  // else it is damaged in the middle: the round ends there
        reel.rewind();
    }
    if (pictures.empty()) throw Error("there is no picture in it");
    return pictures;
}

std::unique_ptr<Player> play_held(std::vector<Shown> pictures) {
    return std::make_unique<Held>(std::move(pictures));
}

std::unique_ptr<Player> play_decoding(std::unique_ptr<Reel> reel, bool live) {
    if (live) return std::make_unique<DecodeAhead>(std::move(reel));
    return std::make_unique<Decoding>(std::move(reel));
}

std::unique_ptr<Player> play(std::unique_ptr<Reel> reel, std::size_t memory, bool live) {
    if (auto pictures = read_all(*reel, memory)) return play_held(std::move(*pictures));
    return play_decoding(std::move(reel), live);
}

}  // namespace scrim
