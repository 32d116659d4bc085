#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "frame/plane.h"

namespace scrim {

/// A number as a square of black and white cells that a camera can read off a screen: a white
/// margin, a black frame, and within it 6x6 cells with the number, a check sum (CRC-16) and a mark
/// in each corner, of which only the upper left one is white.
namespace block_code {

constexpr int side = 10;  // cells, with margin and frame

/// Rows from above; true = white.
using Cells = std::array<std::array<bool, side>, side>;

Cells cells_of(std::uint16_t number);

struct Tones {
    std::uint8_t black, white, around;
};

/// Fills a luma plane: the code in its middle, three quarters of the shorter side large, as far as
/// whole pixels allow. The plane must have 16x16 pixels or more.
void draw(Plane& luma, const Cells& cells, Tones tones);

/// The number of the code that is somewhere in the picture. It may be small (from four pixels a
/// cell on), turned, mirrored, out of focus, dark, and seen a little from the side. Nothing where
/// there is none, or one that changes just now.
std::optional<std::uint16_t> find(const Plane& luma);

/// The code for a terminal, in spaces on black and white ground, to be written at the cursor's line
/// and below, each line indented by `indent` columns. A cell is `scale` lines high and twice as
/// many columns wide, which is nearly square.
std::string for_terminal(const Cells& cells, int scale, int indent);

}  // namespace block_code
}  // namespace scrim
