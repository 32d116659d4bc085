#pragma once

#include <cstdint>
#include <span>

namespace scrim {

/// What the structure of a PNG or JPEG file says without decoding it. Decoders show what they got
/// of a file that is cut short; Scrim wants whole pictures only.
struct PictureCheck {
    bool complete = false;  // the mark of the end is there
    std::int64_t width = 0;
    std::int64_t height = 0;
};
PictureCheck check_png(std::span<const std::uint8_t> file);
PictureCheck check_jpeg(std::span<const std::uint8_t> file);

}  // namespace scrim
