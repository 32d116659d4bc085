#include "source/pattern/stamp.h"

#include <array>
#include <cassert>
#include <cstring>

namespace scrim {
namespace {

constexpr int columns = 8;
constexpr int rows = 5;
constexpr int cells_across = 40;
constexpr int cells_down = 24;
constexpr int smallest_cell = 3;  // pixels; a middle without its border must remain

using Bytes = std::array<std::uint8_t, rows>;

Bytes bytes_of(std::uint32_t number) {
    Bytes bytes{};
    unsigned sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        // Multiplied by its place, so that swapped bytes are found.
        sum += bytes[i] * static_cast<unsigned>(2 * i + 3);
    }
    // Not 0 for number 0, so that a black corner is no stamp.
    bytes[4] = static_cast<std::uint8_t>(sum ^ 0xA5U);
    return bytes;
}

bool fits(const Frame& frame) {
    return frame.width() >= cells_across * smallest_cell &&
           frame.height() >= cells_down * smallest_cell;
}

/// First pixel of cell `i` of `count` on a side of `size` pixels.
int edge(int i, int count, int size) {
    return i * size / count;
}

/// Mean luma of the middle of a cell; its border is blurred by whatever the picture went through.
int middle_of(const Plane& plane, int column, int row) {
    const int left = edge(column, cells_across, plane.width());
    const int right = edge(column + 1, cells_across, plane.width());
    const int top = edge(row, cells_down, plane.height());
    const int bottom = edge(row + 1, cells_down, plane.height());
    const int border_x = (right - left) / 3;
    const int border_y = (bottom - top) / 3;
    const int count = (bottom - top - 2 * border_y) * (right - left - 2 * border_x);
    int sum = 0;
    for (int y = top + border_y; y < bottom - border_y; ++y) {
        for (int x = left + border_x; x < right - border_x; ++x) {
            sum += plane.row(y)[x];
        }
    }
    assert(count > 0);  // fits() has made sure of that
    return sum / count;
}

}  // namespace

bool write_stamp(Frame& frame, std::uint32_t number) {
    if (!fits(frame)) return false;
    const Bytes bytes = bytes_of(number);
    const YuvColor white = yuv_of_rgb(255, 255, 255, frame.tags);
    const YuvColor black = yuv_of_rgb(0, 0, 0, frame.tags);
    for (int y = 0; y < edge(rows, cells_down, frame.height()); ++y) {
        // The row whose first pixel is at or above y: the inverse of edge(), rounded up.
        const int row = ((y + 1) * cells_down - 1) / frame.height();
        std::uint8_t* const out = frame.y.writable_row(y);
        for (int column = 0; column < columns; ++column) {
            const int left = edge(column, cells_across, frame.width());
            const int right = edge(column + 1, cells_across, frame.width());
            const bool set = (bytes[static_cast<std::size_t>(row)] >> (7 - column) & 1) != 0;
            std::memset(out + left, set ? white.y : black.y,
                        static_cast<std::size_t>(right - left));
        }
    }
    const int chroma_width = chroma_size(edge(columns, cells_across, frame.width()));
    for (int y = 0; y < chroma_size(edge(rows, cells_down, frame.height())); ++y) {
        std::memset(frame.u.writable_row(y), white.u, static_cast<std::size_t>(chroma_width));
        std::memset(frame.v.writable_row(y), white.v, static_cast<std::size_t>(chroma_width));
    }
    return true;
}

std::optional<std::uint32_t> read_stamp(const Frame& frame) {
    if (!fits(frame)) return std::nullopt;
    constexpr int darkest_white = 160;
    constexpr int brightest_black = 95;
    Bytes bytes{};
    for (int row = 0; row < rows; ++row) {
        unsigned byte = 0;
        for (int column = 0; column < columns; ++column) {
            const int luma = middle_of(frame.y, column, row);
            if (luma > brightest_black && luma < darkest_white) return std::nullopt;
            byte = byte << 1U | (luma >= darkest_white ? 1U : 0U);
        }
        bytes[static_cast<std::size_t>(row)] = static_cast<std::uint8_t>(byte);
    }
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8U | bytes[i];
    if (bytes_of(number) != bytes) return std::nullopt;
    return number;
}

}  // namespace scrim
