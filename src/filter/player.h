#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "filter/reel.h"
#include "frame/frame.h"
#include "util/clock.h"

namespace scrim {

/// A picture ready to be shown, and for how long.
struct Shown {
    Frame frame;
    Duration duration{};
};

/// Plays pictures by the time, for ever.
///
/// Threads: one at a time.
class Player {
  public:
    virtual ~Player() = default;

    /// The picture that belongs to this time since the first frame. Never throws: where no picture
    /// can be read any more, the last one stays.
    virtual const Frame& at(Duration time) = 0;

    /// Whether there is more than one picture.
    virtual bool moves() const = 0;
};

/// Times of frames are rounded, in some files to milliseconds: a picture that is due that much
/// later is shown already.
constexpr Duration frame_time_rounding = std::chrono::microseconds(500);

/// What the pictures of one animation may take in memory, to be held decoded.
constexpr std::size_t animation_memory = std::size_t{128} << 20;

/// All pictures of a round; nothing if there are more than `memory` bytes of them. The reel must be
/// at the beginning of a round, and is there again afterwards. Throws where there is no picture.
std::optional<std::vector<Shown>> read_all(Reel& reel, std::size_t memory);

/// Plays pictures that are held in memory, at least one.
std::unique_ptr<Player> play_held(std::vector<Shown> pictures);

/// Plays a reel as it is decoded. `live`: on a thread of its own, so that at() never waits;
/// pictures that come late are left out. Otherwise at() decodes, and nothing is left out. Throws
/// where there is no picture.
std::unique_ptr<Player> play_decoding(std::unique_ptr<Reel> reel, bool live);

/// Held in memory where that is enough for it, otherwise decoded as it plays. Still pictures are
/// always held. Throws where there is no picture.
std::unique_ptr<Player> play(std::unique_ptr<Reel> reel, std::size_t memory, bool live);

}  // namespace scrim
