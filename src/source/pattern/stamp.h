#pragma once

#include <cstdint>
#include <optional>

#include "frame/frame.h"

namespace scrim {

/// A picture's number as black and white cells in its top left corner, made to survive scaling,
/// 4:2:0, JPEG and video encoders, so that a test can tell which picture it sees. Five rows of
/// eight cells, the number's bytes from the highest on and a check byte. The cells are a share of
/// the picture (1/40 of its width, 1/24 of its height), so that a scaled picture is read in the
/// same way.
///
/// false = the picture is too small, nothing was drawn.
bool write_stamp(Frame& frame, std::uint32_t number);
/// Nothing where there is no stamp, or one that is damaged.
std::optional<std::uint32_t> read_stamp(const Frame& frame);

}  // namespace scrim
