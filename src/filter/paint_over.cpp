#include "filter/paint_over.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

#include <libyuv.h>

#include "frame/halve.h"

namespace scrim {
namespace {

/// Side of the blocks in luma pixels.
constexpr int block = 8;

/// An edge pixel shows both, and its share of the person would shine out of the blur: from an
/// eighth person on it does not count, and is painted over entirely.
constexpr int cover_gain = 8;
std::uint8_t cover_of(std::uint8_t mask) {
    return static_cast<std::uint8_t>(std::min(cover_gain * mask, 255));
}

/// What is not covered, in 5 bits, so that the products of eight rows fit into 16.
constexpr int full_weight = 31;
std::uint16_t weight_of(std::uint8_t mask) {
    return static_cast<std::uint16_t>(std::max(full_weight - mask, 0));
}

/// Where a pixel or a cell lies between the middles of those of a coarser grid: in `near`, and on
/// the side of `far`, so many parts of 2 * side away from the middle of near.
struct Between {
    int near, far, parts;
};
constexpr Between between(int position, int side) {
    const int off = 2 * (position % side) + 1 - side;
    const int near = position / side;
    return {near, off < 0 ? near - 1 : near + 1, off < 0 ? -off : off};
}

std::size_t index(int number) {
    return static_cast<std::size_t>(number);
}

}  // namespace

void PaintOver::Grid::resize(int new_columns, int new_rows) {
    columns = new_columns;
    rows = new_rows;
    colours.resize(index(columns * rows));
    weights.resize(index(columns * rows));
}

void PaintOver::sum_blocks(const Plane& plane, const Plane& mask, int side) {
    static_assert(block * full_weight * 255 <= 65535);
    Grid& grid = grids_.front();
    colour_sums_.resize(index(grid.columns * side));
    weight_sums_.resize(index(grid.columns * side));
    const float scale = 1.F / static_cast<float>(full_weight * side * side);
    for (int row = 0; row < grid.rows; ++row) {
        std::fill(colour_sums_.begin(), colour_sums_.end(), std::uint16_t{0});
        std::fill(weight_sums_.begin(), weight_sums_.end(), std::uint16_t{0});
        for (int y = row * side; y < std::min((row + 1) * side, plane.height()); ++y) {
            const std::uint8_t* const in = plane.row(y);
            const std::uint8_t* const person = mask.row(y);
            std::uint16_t* const colours = colour_sums_.data();
            std::uint16_t* const weights = weight_sums_.data();
            for (int x = 0; x < plane.width(); ++x) {
                const std::uint16_t weight = weight_of(person[x]);
                weights[x] = static_cast<std::uint16_t>(weights[x] + weight);
                colours[x] = static_cast<std::uint16_t>(colours[x] + weight * in[x]);
            }
        }
        for (int column = 0; column < grid.columns; ++column) {
            const auto sum = [&](const std::vector<std::uint16_t>& of) {
                const auto begin = of.begin() + std::ptrdiff_t{column} * side;
                return scale * static_cast<float>(std::accumulate(begin, begin + side, 0));
            };
            const std::size_t i = index(grid.place(column, row));
            grid.colours[i] = sum(colour_sums_);
            grid.weights[i] = sum(weight_sums_);
        }
    }
}

/// Four cells are one with the sum of their weights, at most a full one.
void PaintOver::make_coarser(const Grid& fine, Grid& coarse) {
    coarse.resize((fine.columns + 1) / 2, (fine.rows + 1) / 2);
    std::fill(coarse.colours.begin(), coarse.colours.end(), 0.F);
    std::fill(coarse.weights.begin(), coarse.weights.end(), 0.F);
    for (int row = 0; row < fine.rows; ++row) {
        for (int column = 0; column < fine.columns; ++column) {
            const std::size_t from = index(fine.place(column, row));
            const std::size_t to = index(coarse.place(column / 2, row / 2));
            coarse.colours[to] += fine.colours[from];
            coarse.weights[to] += fine.weights[from];
        }
    }
    for (std::size_t i = 0; i < coarse.weights.size(); ++i) {
        if (coarse.weights[i] <= 1) continue;
        coarse.colours[i] /= coarse.weights[i];
        coarse.weights[i] = 1;
    }
}

/// What a cell's weight lacks comes from the cells around, which are filled already.
void PaintOver::fill_from(const Grid& coarse, Grid& fine) {
    constexpr float share = 0.25F;  // of the one further away
    row_.resize(index(coarse.columns));
    for (int row = 0; row < fine.rows; ++row) {
        const Between rows = between(row, 2);
        const int far_row = std::clamp(rows.far, 0, coarse.rows - 1);
        for (int column = 0; column < coarse.columns; ++column) {
            row_[index(column)] =
                (1 - share) * coarse.colours[index(coarse.place(column, rows.near))] +
                share * coarse.colours[index(coarse.place(column, far_row))];
        }
        for (int column = 0; column < fine.columns; ++column) {
            const Between columns = between(column, 2);
            const int far = std::clamp(columns.far, 0, coarse.columns - 1);
            const float around = (1 - share) * row_[index(columns.near)] + share * row_[index(far)];
            const std::size_t i = index(fine.place(column, row));
            fine.colours[i] += around * (1 - fine.weights[i]);
        }
    }
}

/// The colour of each block; where its weight is not full, the rest comes from the blocks around.
void PaintOver::fill() {
    std::size_t last = 0;
    for (; grids_[last].colours.size() > 1; ++last) {
        if (grids_.size() == last + 1) grids_.emplace_back();
        make_coarser(grids_[last], grids_[last + 1]);
    }
    Grid& whole = grids_[last];
    whole.colours[0] /= std::max(whole.weights[0], 1e-6F);
    for (std::size_t i = last; i > 0; --i)
        fill_from(grids_[i], grids_[i - 1]);
}

/// The colours in that line of a row of blocks, for these columns and one more at each end.
template <int side>
void PaintOver::mix_rows(int row, int line, int begin, int end) {
    const Grid& grid = grids_.front();
    const Between rows = between(line, side);
    const float share = static_cast<float>(rows.parts) / (2 * side);
    const int far_row = std::clamp(row + rows.far, 0, grid.rows - 1);
    const float* const near = &grid.colours[index(grid.place(0, row))];
    const float* const far = &grid.colours[index(grid.place(0, far_row))];
    std::uint16_t* const out = colours_.data() + 1;
    const int first = std::max(begin - 1, 0);
    const int last = std::min(end, grid.columns - 1);
    constexpr float half = 0.5F;
    for (int column = first; column <= last; ++column) {
        const float colour = near[column] + share * (far[column] - near[column]);
        out[column] = static_cast<std::uint16_t>(16 * colour + half);
    }
    if (begin == 0) out[-1] = out[0];
    if (end == grid.columns) out[end] = out[end - 1];
}

/// A line of pixels of these columns, between the colours of their blocks.
template <int side>
void PaintOver::paint_line(int begin, int end) {
    struct Shares {
        std::array<std::uint16_t, side> before{}, own{}, after{};  // sixteenths
    };
    static constexpr Shares shares = [] {
        Shares all;
        for (std::size_t i = 0; i < side; ++i) {
            const Between at = between(static_cast<int>(i), side);
            const auto far = static_cast<std::uint16_t>(16 * at.parts / (2 * side));
            (at.far < at.near ? all.before : all.after)[i] = far;
            all.own[i] = static_cast<std::uint16_t>(16 - far);
        }
        return all;
    }();
    for (int column = begin; column < end; ++column) {
        const std::uint16_t* const colour = &colours_[index(column)];
        std::uint8_t* const out = &painted_[index(column * side)];
        for (std::size_t i = 0; i < side; ++i) {
            const auto sum = static_cast<std::uint16_t>(colour[0] * shares.before[i] +
                                                        colour[1] * shares.own[i] +
                                                        colour[2] * shares.after[i] + 128);
            out[i] = static_cast<std::uint8_t>(sum >> 8);
        }
    }
}

/// Puts the blocks' colours over the plane where it is covered.
template <int side>
void PaintOver::blend(Plane& plane, const Plane& mask) {
    const Grid& grid = grids_.front();
    colours_.resize(index(grid.columns + 2));
    painted_.resize(index(grid.columns * side));
    cover_.resize(index(grid.columns * side));
    std::uint8_t* const pixels = plane.writable();
    for (int y = 0; y < plane.height(); ++y) {
        const int row = y / side;
        const float* const weights = &grid.weights[index(grid.place(0, row))];
        const float* const weights_end = weights + grid.columns;
        const auto covered = [](float weight) { return weight < 1; };
        for (const float* run = weights; run != weights_end;) {
            run = std::find_if(run, weights_end, covered);
            if (run == weights_end) break;
            const auto begin = static_cast<int>(run - weights);
            run = std::find_if_not(run, weights_end, covered);
            const auto end = static_cast<int>(run - weights);
            mix_rows<side>(row, y % side, begin, end);
            paint_line<side>(begin, end);
            const int x = begin * side;
            const int width = std::min(end * side, plane.width()) - x;
            const std::uint8_t* const person = mask.row(y) + x;
            std::transform(person, person + width, cover_.begin(), cover_of);
            std::uint8_t* const out = pixels + std::ptrdiff_t{y} * plane.stride() + x;
            libyuv::BlendPlane(&painted_[index(x)], 0, out, 0, cover_.data(), 0, out, 0, width, 1);
        }
    }
}

template <int side>
void PaintOver::paint(Plane& plane, const Plane& mask) {
    if (grids_.empty()) grids_.emplace_back();
    Grid& grid = grids_.front();
    grid.resize((plane.width() + side - 1) / side, (plane.height() + side - 1) / side);
    sum_blocks(plane, mask, side);
    const auto& weights = grid.weights;
    if (std::all_of(weights.begin(), weights.end(), [](float weight) { return weight == 0; })) {
        return;
    }
    fill();
    blend<side>(plane, mask);
}

void PaintOver::apply(Frame& image, const Plane& mask) {
    assert(mask.width() == image.width() && mask.height() == image.height());
    paint<block>(image.y, mask);
    const Plane chroma_mask = halved(mask.data(), mask.stride(), mask.width(), mask.height());
    paint<block / 2>(image.u, chroma_mask);
    paint<block / 2>(image.v, chroma_mask);
}

}  // namespace scrim
