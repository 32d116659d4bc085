#pragma once

#include <span>
#include <vector>

#include "frame/plane.h"
#include "segment/network/graph.h"

namespace scrim {

/// The end of MediaPipe's selfie networks: every pixel of the features becomes 2x2 pixels of the
/// mask (a transposed convolution whose windows do not meet), and these probabilities (a sigmoid).
/// XNNPACK spends a tenth of a network's time on it, since all its kernels are made for many output
/// channels.
///
/// Threads: one at a time.
class MaskHead {
  public:
    /// Takes both operators off the end of a simplified graph, whose output are the features then.
    /// Throws Error if it ends in another way.
    explicit MaskHead(Graph& graph);

    /// Of the features.
    int width() const { return width_; }
    int height() const { return height_; }
    int channels() const { return static_cast<int>(weights_.size()); }

    /// The mask, twice as wide and high as the features: 255 times the probability, rounded. What
    /// is not a number becomes 0, which is nobody.
    Plane run(std::span<const float> features);

    /// What one pixel becomes: two above, two below.
    using Four = float __attribute__((vector_size(16)));

  private:
    int width_ = 0, height_ = 0;
    std::vector<Four> weights_;  // of each channel
    Four bias_{};
    std::vector<float> above_, below_;  // two rows of the mask before the sigmoid
};

}  // namespace scrim
