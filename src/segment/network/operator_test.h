#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "segment/network/passes.h"
#include "segment/network/reference_operators.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"

namespace scrim {

/// How many random shapes each operator is tested with.
constexpr int rounds = 25;

/// Imports and runs the file on the input and compares, both as it is and simplified.
inline void expect_result(const std::vector<std::byte>& file, const reference::Array& input,
                          const std::vector<reference::Array>& expected) {
    for (const bool simple : {false, true}) {
        Graph graph = import_tflite(file);
        if (simple) simplify(graph);
        Network network(std::move(graph));
        ASSERT_EQ(network.input_shape(), input.shape);
        ASSERT_EQ(network.output_count(), expected.size());
        std::copy(input.data.begin(), input.data.end(), network.input().begin());
        network.run();
        for (std::size_t n = 0; n < expected.size(); ++n) {
            const std::vector<float>& numbers = expected[n].data;
            ASSERT_EQ(network.output_shape(n), expected[n].shape);
            for (std::size_t i = 0; i < numbers.size(); ++i) {
                const float tolerance = 1e-4F * std::max(1.0F, std::abs(numbers[i]));
                ASSERT_NEAR(network.output(n)[i], numbers[i], tolerance)
                    << "at " << i << " of " << to_string(expected[n].shape)
                    << (simple ? ", simplified" : "");
            }
        }
    }
}

inline void expect_result(const std::vector<std::byte>& file, const reference::Array& input,
                          const reference::Array& expected) {
    expect_result(file, input, std::vector{expected});
}

/// Random numbers for shapes and options.
class Random {
  public:
    explicit Random(unsigned seed) : engine(seed) {}
    int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine); }
    bool coin() { return between(0, 1) == 1; }
    /// Of at most so many pixels and channels a side.
    reference::Array picture(int side = 9, int channels = 20) {
        return reference::random_array(
            {1, between(1, side), between(1, side), between(1, channels)}, engine);
    }

    std::mt19937 engine;
};

}  // namespace scrim
