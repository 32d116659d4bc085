#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "segment/network/graph.h"

struct xnn_runtime;

namespace scrim {

/// A network ready to run on XNNPACK, on the calling thread alone.
///
/// Threads: one at a time; different networks may run at the same time.
class Network {
  public:
    /// Checks the graph (see check()) and takes it over: the weights are freed as soon as XNNPACK
    /// has its own packed copy. Throws Error.
    explicit Network(Graph graph);
    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    const Shape& input_shape() const { return input_shape_; }
    std::size_t output_count() const { return outputs_.size(); }
    /// Of the graph's outputs in their order.
    const Shape& output_shape(std::size_t number = 0) const { return outputs_.at(number).shape; }

    /// To be filled before run(); batch, height, width, channels without gaps.
    std::span<float> input();
    /// What the last run() computed.
    std::span<const float> output(std::size_t number = 0) const;

    void run();

  private:
    struct DeleteRuntime {
        void operator()(xnn_runtime* runtime) const;
    };

    struct Output {
        Shape shape{};
        std::vector<float> data;
    };

    Shape input_shape_{};
    // Both with XNN_EXTRA_BYTES behind the end, which XNNPACK may read.
    std::vector<float> input_;
    std::vector<Output> outputs_;
    std::unique_ptr<xnn_runtime, DeleteRuntime> runtime_;
};

}  // namespace scrim
