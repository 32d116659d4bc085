#pragma once

#include <cstdint>
#include <vector>

#include "frame/frame.h"

namespace scrim {

/// Paints over the person with the colours around, so that a blur afterwards spreads none of the
/// person's: the mean colours of small blocks, weighted by what is surely not the person, filled
/// from coarser and coarser ones where there is nothing else ("pull-push" of Gortler et al., The
/// Lumigraph, 1996).
///
/// Keeps its memory from frame to frame. Threads: one at a time.
class PaintOver {
  public:
    /// Where the mask (of the image's size) is 0 all bytes stay as they are, and so do all of them
    /// if the mask shows nothing but the person.
    void apply(Frame& image, const Plane& mask);

  private:
    /// Mean colours of a grid of cells times their weight, and that weight: 1 where nothing is
    /// covered. Row by row.
    struct Grid {
        int columns = 0, rows = 0;
        std::vector<float> colours, weights;

        void resize(int new_columns, int new_rows);
        int place(int column, int row) const { return row * columns + column; }
    };

    template <int side>
    void paint(Plane& plane, const Plane& mask);
    void sum_blocks(const Plane& plane, const Plane& mask, int side);
    static void make_coarser(const Grid& fine, Grid& coarse);
    void fill_from(const Grid& coarse, Grid& fine);
    void fill();
    template <int side>
    void blend(Plane& plane, const Plane& mask);
    template <int side>
    void mix_rows(int row, int line, int begin, int end);
    template <int side>
    void paint_line(int begin, int end);

    std::vector<Grid> grids_;  // each of half the size of the one before, the last a single cell
    std::vector<std::uint16_t> colour_sums_, weight_sums_;  // of a row of blocks, for each column
    std::vector<float> row_;                                // of a coarse grid
    // Of a line of pixels: the colours of its blocks in sixteenths, of its pixels, and how much of
    // these shows.
    std::vector<std::uint16_t> colours_;
    std::vector<std::uint8_t> painted_, cover_;
};

}  // namespace scrim
