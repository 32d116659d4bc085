#include "filter/placeholder.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "util/error.h"

namespace scrim {

Frame checkerboard(int width, int height, ColorTags tags) {
    const YuvColor dark = yuv_of_rgb(96, 96, 96, tags);
    const YuvColor light = yuv_of_rgb(160, 160, 160, tags);
    const int tile = std::max(1, std::min({width / 4, height / 4, 32}));
    Frame frame = solid_frame(width, height, tags, dark);
    std::uint8_t* row = frame.y.overwritable();
    for (int y = 0; y < height; ++y, row += frame.y.stride()) {
        for (int x = 0; x < width; ++x)
            row[x] = (x / tile + y / tile) % 2 == 0 ? light.y : dark.y;
    }
    return frame;
}

Playing play_or_stand_in(const std::filesystem::path& path,
                         const std::function<std::unique_ptr<Player>()>& open,
                         const Frame& stand_in) {
    Playing playing;
    try {
        playing.player = open();
    } catch (const Error& error) {
        playing.missing = error.what();
    } catch (const std::exception&) {  // OpenCV's, of a picture beyond memory, among them
        playing.missing =
            fmt::format("cannot open {}: there is not enough memory for it", path.string());
    }
    if (!playing.player) playing.player = play_held({{stand_in, std::chrono::seconds(1)}});
    return playing;
}

}  // namespace scrim
