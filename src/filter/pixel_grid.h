#pragma once

#include <cstdint>
#include <vector>

#include "frame/frame.h"

namespace scrim {

/// A picture whose columns and rows are taken from others: shifted, wrapped around, repeated or
/// left out. What comes from nowhere is transparent black.
///
/// Luma and alpha are exact; chroma is that of the full resolution (each chroma pixel repeated for
/// its luma pixels), rearranged and then subsampled: the mean of what is shown of the up to four
/// pixels.
class PixelGrid {
  public:
    static constexpr int nowhere = -1;

    /// The output has columns.size() x rows.size() pixels, the input the same; each entry is the
    /// input's column or row, or nowhere. Allocates nothing when called again for the same size.
    void set(const std::vector<int>& columns, const std::vector<int>& rows);

    /// Rearranges a frame of the size given by set(). An opaque one stays opaque if all of it comes
    /// from somewhere. Copies nothing where nothing changes.
    void apply(Frame& image);

  private:
    /// Pixels that follow each other in the input too: output `to`, `to + 1`... show the mean of
    /// the inputs `first` and `second`, `first + 1` and `second + 1`...
    struct Run {
        int to, first, second, length;
    };
    struct Axis {
        std::vector<int> first;   // the inputs of each output pixel; both are the same for luma,
        std::vector<int> second;  // and 0 where it comes from nowhere
        std::vector<Run> gaps;    // what comes from nowhere
        std::vector<Run> runs;    // the rest; empty if it falls into too many

        void plan_luma(const std::vector<int>& source);
        void plan_chroma(const std::vector<int>& source);
        bool same(int i, int j) const;

      private:
        void plan();
    };

    template <typename MakeRow>
    static Plane laid_out(const Plane& in, const Axis& columns, const Axis& rows,
                          std::uint8_t outside, const MakeRow& make_row);
    Plane rearranged(const Plane& in, std::uint8_t outside) const;
    Plane rearranged_chroma(const Plane& in);
    void mix_rows(const std::uint8_t* a, const std::uint8_t* b, int width, std::uint8_t* out);

    Axis columns_, rows_;
    Axis chroma_columns_, chroma_rows_;
    bool identical_ = true;
    Plane visible_;  // alpha of an opaque picture; empty if there are no gaps
    std::vector<std::uint16_t> sums_;
};

}  // namespace scrim
