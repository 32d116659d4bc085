#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "filter/player.h"
#include "frame/frame.h"

namespace scrim {

/// What is shown in place of a picture that cannot be read: an opaque grey checkerboard, which
/// nobody takes for the picture, and which hides what the picture would have hidden.
Frame checkerboard(int width, int height, ColorTags tags);

/// Pictures to play, or what stands in for them and the reason why.
struct Playing {
    std::unique_ptr<Player> player;
    std::string missing;  // empty = it is the real thing
};

/// What `open` makes of the file, or `stand_in` where it throws. `path` is for messages that do not
/// name it themselves.
Playing play_or_stand_in(const std::filesystem::path& path,
                         const std::function<std::unique_ptr<Player>()>& open,
                         const Frame& stand_in);

/// Puts a picture in the place of `image`, which keeps its own number and time.
inline void show(const Frame& picture, Frame& image) {
    image.y = picture.y;
    image.u = picture.u;
    image.v = picture.v;
    image.alpha = picture.alpha;
}

}  // namespace scrim
