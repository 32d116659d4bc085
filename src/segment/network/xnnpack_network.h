#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "segment/network/graph.h"
#include "segment/network/memory_plan.h"

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

    /// Of the graph's inputs and outputs in their order.
    std::size_t input_count() const { return inputs_.size(); }
    const Shape& input_shape(std::size_t number = 0) const { return inputs_.at(number).shape; }
    std::size_t output_count() const { return outputs_.size(); }
    const Shape& output_shape(std::size_t number = 0) const { return outputs_.at(number).shape; }

    /// To be filled before run(), which leaves it as it is; zeros until then. Batch, height, width,
    /// channels without gaps.
    std::span<float> input(std::size_t number = 0);
    /// What the last run() computed.
    std::span<const float> output(std::size_t number = 0) const;

    void run();

  private:
    struct DeleteRuntime {
        void operator()(xnn_runtime* runtime) const;
    };

    struct End {
        Shape shape{};
        std::vector<float> data;  // XNN_EXTRA_BYTES longer, which XNNPACK may read
    };
    struct alignas(MemoryPlan::alignment * sizeof(float)) Line
        : std::array<float, MemoryPlan::alignment> {};
    static std::vector<End> ends_of(const Graph& graph, const std::vector<int>& tensors);

    std::vector<End> inputs_;
    std::vector<End> outputs_;
    std::vector<Line> between_;  // what is computed on the way, as in plan_memory()
    std::unique_ptr<xnn_runtime, DeleteRuntime> runtime_;
};

}  // namespace scrim
