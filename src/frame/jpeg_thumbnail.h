#pragma once

#include <array>
#include <cstdint>
#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

namespace scrim {

/// Small pictures of JPEG's blocks of 8x8 DCT coefficients, without the whole picture in between:
/// 2x2 pixels of each block, or one. Each pixel is the mean of those that it stands for, in the
/// picture without the frequencies that are too high for the small one.
///
/// Threads: any.
class JpegThumbnail {
  public:
    static constexpr int largest = 2;
    using Rows = std::array<std::uint8_t*, largest>;

    /// `size` is the pixels of a block in one direction; `steps` the component's quantization, in
    /// natural order.
    JpegThumbnail(int size, const UINT16* steps);

    /// Writes a row of `count` blocks as the first `size` of the rows, size * count pixels of each.
    void write(const JBLOCK* blocks, int count, const Rows& rows) const;

    /// Two pixels of the first row, two of the second.
    using Four = float __attribute__((vector_size(16)));
    /// What the first two coefficients of the first two rows add to the pixels, for each step.
    using Weights = std::array<Four, largest * largest>;

  private:
    int size_;
    Weights weights_{};
};

}  // namespace scrim
