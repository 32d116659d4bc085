#include "app/block_code.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim::block_code {
namespace {

constexpr int margin = 1;
constexpr int framed = side - 2 * margin;  // cells with the frame
constexpr int inner = framed - 2;          // cells with the number

/// CRC-16/CCITT-FALSE.
std::uint16_t check_sum(std::uint16_t number) {
    constexpr unsigned start = 0xffff;
    constexpr unsigned polynomial = 0x1021;
    constexpr unsigned top = 0x8000;
    unsigned crc = start;
    for (unsigned bit = top; bit != 0; bit >>= 1U) {
        const bool one = ((crc & top) != 0) != ((number & bit) != 0);
        crc = (crc << 1U & 0xffffU) ^ (one ? polynomial : 0U);
    }
    return static_cast<std::uint16_t>(crc);
}

bool is_corner(int row, int column) {
    return (row == 0 || row == inner - 1) && (column == 0 || column == inner - 1);
}

/// The cells with the frame, seen from above.
using Framed = std::array<std::array<bool, framed>, framed>;

Framed framed_cells(std::uint16_t number) {
    std::uint32_t bits = std::uint32_t{number} << 16U | check_sum(number);
    Framed cells{};
    for (int row = 0; row < inner; ++row) {
        for (int column = 0; column < inner; ++column) {
            bool& cell =
                cells[static_cast<std::size_t>(row) + 1][static_cast<std::size_t>(column) + 1];
            if (is_corner(row, column)) {
                cell = row == 0 && column == 0;
                continue;
            }
            cell = (bits & 0x80000000U) != 0;
            bits <<= 1U;
        }
    }
    return cells;
}

/// The number of cells that stand upright.
std::optional<std::uint16_t> number_of(const Framed& cells) {
    std::uint32_t bits = 0;
    for (int row = 0; row < inner; ++row) {
        for (int column = 0; column < inner; ++column) {
            if (is_corner(row, column)) continue;
            const bool white =
                cells[static_cast<std::size_t>(row) + 1][static_cast<std::size_t>(column) + 1];
            bits = bits << 1U | (white ? 1U : 0U);
        }
    }
    const auto number = static_cast<std::uint16_t>(bits >> 16U);
    if (framed_cells(number) != cells) return std::nullopt;  // frame and corners, too
    return number;
}

Framed turned(const Framed& cells) {
    Framed result{};
    for (std::size_t row = 0; row < framed; ++row) {
        for (std::size_t column = 0; column < framed; ++column)
            result[column][framed - 1 - row] = cells[row][column];
    }
    return result;
}

Framed transposed(const Framed& cells) {
    Framed result{};
    for (std::size_t row = 0; row < framed; ++row) {
        for (std::size_t column = 0; column < framed; ++column)
            result[column][row] = cells[row][column];
    }
    return result;
}

/// However it is turned, and in a mirror.
std::optional<std::uint16_t> number_in_any_position(Framed cells) {
    constexpr int positions = 4;
    for (int i = 0; i < positions; ++i) {
        if (const auto number = number_of(cells)) return number;
        if (const auto number = number_of(transposed(cells))) return number;
        cells = turned(cells);
    }
    return std::nullopt;
}

using Quad = std::vector<cv::Point2f>;

/// The mean of the middle of each cell of the square that the four corners are the picture of.
cv::Mat cell_means(const cv::Mat& picture, const Quad& corners) {
    constexpr int pixels = 6;  // of a cell in the straightened picture
    constexpr int middle = 2;  // of them at each side, left out
    constexpr auto size = static_cast<float>(framed * pixels);
    const Quad square{{0, 0}, {size, 0}, {size, size}, {0, size}};
    cv::Mat straight;
    cv::warpPerspective(picture, straight, cv::getPerspectiveTransform(corners, square),
                        {framed * pixels, framed * pixels}, cv::INTER_LINEAR);
    cv::Mat means(framed, framed, CV_32F);
    for (int row = 0; row < framed; ++row) {
        for (int column = 0; column < framed; ++column) {
            const cv::Rect cell(column * pixels + middle, row * pixels + middle,
                                pixels - 2 * middle, pixels - 2 * middle);
            means.at<float>(row, column) = static_cast<float>(cv::mean(straight(cell))[0]);
        }
    }
    return means;
}

/// Black or white: by the middle between the mean of the dark cells and that of the light ones.
std::optional<Framed> black_and_white(const cv::Mat& means) {
    constexpr double least_contrast = 20;
    double darkest = 0;
    double lightest = 0;
    cv::minMaxLoc(means, &darkest, &lightest);
    if (lightest - darkest < least_contrast) return std::nullopt;
    const cv::Mat light = means > (darkest + lightest) / 2;
    const double limit = (cv::mean(means, light)[0] + cv::mean(means, ~light)[0]) / 2;
    Framed cells{};
    for (int row = 0; row < framed; ++row) {
        for (int column = 0; column < framed; ++column) {
            cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] =
                means.at<float>(row, column) > static_cast<float>(limit);
        }
    }
    return cells;
}

/// What may be the black frame: dark regions with four corners, the largest first.
std::vector<Quad> quads_in(const cv::Mat& dark) {
    constexpr double corner_tolerance = 0.05;  // of the perimeter
    constexpr double smallest = double{4 * framed} * (4 * framed) / 2;
    constexpr std::size_t most = 20;
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(dark, outlines, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    std::vector<std::vector<cv::Point>> found;
    for (const auto& outline : outlines) {
        std::vector<cv::Point> corners;
        cv::approxPolyDP(outline, corners, corner_tolerance * cv::arcLength(outline, true), true);
        if (corners.size() == 4 && cv::isContourConvex(corners) &&
            cv::contourArea(corners) >= smallest) {
            found.push_back(std::move(corners));
        }
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return cv::contourArea(a) > cv::contourArea(b); });
    found.resize(std::min(found.size(), most));
    std::vector<Quad> quads;
    quads.reserve(found.size());
    for (const auto& corners : found)
        quads.emplace_back(corners.begin(), corners.end());
    return quads;
}

std::optional<std::uint16_t> read(const cv::Mat& picture, const cv::Mat& dark) {
    for (const Quad& corners : quads_in(dark)) {
        const auto cells = black_and_white(cell_means(picture, corners));
        if (!cells) continue;
        if (const auto number = number_in_any_position(*cells)) return number;
    }
    return std::nullopt;
}

/// Large enough to be read, small enough to be searched in a few milliseconds; without noise.
cv::Mat for_search(const Plane& luma) {
    constexpr int longest = 960;
    cv::Mat picture = mat_of(luma);
    const int length = std::max(picture.cols, picture.rows);
    if (length > longest) {
        const double factor = static_cast<double>(longest) / length;
        cv::resize(picture, picture, {}, factor, factor, cv::INTER_AREA);
    }
    cv::Mat smooth;
    cv::GaussianBlur(picture, smooth, {3, 3}, 0);
    return smooth;
}

}  // namespace

Cells cells_of(std::uint16_t number) {
    Cells cells{};
    for (auto& row : cells)
        row.fill(true);
    const Framed inside = framed_cells(number);
    for (std::size_t row = 0; row < framed; ++row)
        std::copy(inside[row].begin(), inside[row].end(), cells[row + margin].begin() + margin);
    return cells;
}

void draw(Plane& luma, const Cells& cells, Tones tones) {
    const int cell = std::max(std::min(luma.width(), luma.height()) * 3 / (4 * side), 1);
    const int left = (luma.width() - cell * side) / 2;
    const int top = (luma.height() - cell * side) / 2;
    std::uint8_t* const pixels = luma.overwritable();
    for (int y = 0; y < luma.height(); ++y) {
        std::uint8_t* const out = pixels + std::ptrdiff_t{y} * luma.stride();
        std::memset(out, tones.around, static_cast<std::size_t>(luma.width()));
        if (y < top || y >= top + cell * side) continue;
        const auto& row = cells[static_cast<std::size_t>((y - top) / cell)];
        for (int column = 0; column < side; ++column) {
            std::memset(out + left + std::ptrdiff_t{column} * cell,
                        row[static_cast<std::size_t>(column)] ? tones.white : tones.black,
                        static_cast<std::size_t>(cell));
        }
    }
}

std::optional<std::uint16_t> find(const Plane& luma) {
    const cv::Mat picture = for_search(luma);
    if (std::min(picture.cols, picture.rows) < 4 * framed) return std::nullopt;
    cv::Mat dark;
    cv::threshold(picture, dark, 0, 255, cv::THRESH_BINARY_INV | cv::THRESH_OTSU);
    if (const auto number = read(picture, dark)) return number;
    // Where the screen is not what is brightest: darker than what is around, near and far.
    for (const int part : {4, 12}) {
        constexpr double darker_by = 7;
        const int window = std::max(picture.cols, picture.rows) / part | 1;
        cv::adaptiveThreshold(picture, dark, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY_INV,
                              window, darker_by);
        if (const auto number = read(picture, dark)) return number;
    }
    return std::nullopt;
}

std::string for_terminal(const Cells& cells, int scale, int indent) {
    // Of the 256 colours those that no theme changes.
    constexpr std::string_view white = "\033[48;5;231m";
    constexpr std::string_view black = "\033[48;5;16m";
    std::string text;
    for (const auto& row : cells) {
        std::string line(static_cast<std::size_t>(indent), ' ');
        for (const bool cell : row) {
            line += cell ? white : black;
            line.append(2 * static_cast<std::size_t>(scale), ' ');
        }
        line += "\033[0m\033[K\r\n";
        for (int i = 0; i < scale; ++i)
            text += line;
    }
    return text;
}

}  // namespace scrim::block_code
