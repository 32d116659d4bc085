#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// What a network computes, apart from the file format that it came from and from the library that
/// runs it: importers make it, passes simplify it, Network runs it.

/// Batch (always 1), height, width, channels. Weights of a convolution: output channels, kernel
/// height, kernel width, input channels; of a depthwise one: 1, height, width, channels. A bias or
/// a list of numbers has 1, 1, 1, length.
using Shape = std::array<int, 4>;

std::int64_t elements(const Shape& shape);

/// "1x144x256x3".
std::string to_string(const Shape& shape);

/// An array of floats: a constant if it has data, else computed by a node or an input of the graph.
struct Tensor {
    std::string name;
    Shape shape{};
    std::vector<float> data;

    bool constant() const { return !data.empty(); }
};

enum class Operator : std::uint8_t {
    convolution,             // inputs: picture, weights, bias
    depthwise_convolution,   // the same
    transposed_convolution,  // the same; stride is the factor by which it enlarges
    add,                     // two inputs; a side of 1 is repeated to fit the other's
    subtract,                // the same
    multiply,                // the same
    divide,                  // the same
    maximum,                 // the same
    minimum,                 // the same
    squared_difference,      // the same
    clamp,                   // to [min, max] of the node
    hard_swish,              // x * clamp(x + 3, 0, 6) / 6
    sigmoid,
    absolute,
    square,
    square_root,
    leaky_relu,     // x, below zero slope * x
    elu,            // x, below zero exp(x) - 1
    softmax,        // over the channels of each pixel
    mean,           // over height and width, to 1x1
    average_pool,   // the mean in a window; what is outside of the picture does not count
    max_pool,       // the largest in a window; the same
    pad,            // zeros around the picture, and before and after its channels
    resize,         // bilinear with half-pixel centres
    reshape,        // the same numbers in another shape
    concatenation,  // any number of inputs, side by side along an axis
};

std::string_view name_of(Operator operation);

struct Node {
    Operator operation = Operator::clamp;
    std::vector<int> inputs;  // indices of tensors
    int output = -1;

    // Of convolutions, and (without dilation) of pools; pad has only the padding. Padding is
    // zeros around the picture; for a transposed convolution what is cut off around the result.
    int stride_height = 1, stride_width = 1;
    int dilation_height = 1, dilation_width = 1;
    int pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;
    int pad_channels_before = 0, pad_channels_after = 0;  // of pad

    // The result's size of resize, the window's of pools.
    int height = 0, width = 0;

    Shape shape{};    // the result's of reshape
    int axis = 0;     // of concatenation: 1, 2 or 3, as in the shape
    float slope = 0;  // of leaky_relu

    // Of clamp and all that has_limits().
    float min = -std::numeric_limits<float>::infinity();
    float max = std::numeric_limits<float>::infinity();
};

/// Whether a node limits what it gives to [min, max] without a clamp of its own.
bool has_limits(Operator operation);

/// Nodes stand in the order in which they are computed.
struct Graph {
    std::vector<Tensor> tensors;
    std::vector<Node> nodes;
    std::vector<int> inputs;   // filled before each run: the picture, and states if there are any
    std::vector<int> outputs;  // may be read by nodes too

    int add_tensor(Tensor tensor);
};

/// The shape of what the node computes from the tensors that it names. Throws Error if the node
/// makes no sense (tensors that don't exist, shapes that don't fit each other, sizes beyond
/// reason); its own output tensor is not looked at.
Shape inferred_shape(const Graph& graph, const Node& node);

/// Multiply-adds, or the like of them, of one run of a sound node. Throws Error if its window is
/// read too often.
std::int64_t operations(const Graph& graph, const Node& node);

/// Gives a convolution or pool with that kernel over that picture the zeros around it that
/// TensorFlow calls SAME: the result has the picture's size divided by the stride, rounded up, and
/// an odd row or column comes after. Strides and dilations have to be set, and be 1 or more.
void pad_as_same(Node& node, const Shape& picture, int kernel_height, int kernel_width);

/// Throws Error unless everything in the graph is sound: every node as in inferred_shape() with an
/// output of that shape, nothing read before it is computed or computed twice or for nothing, every
/// input read, every output computed by a node, both named once,
/// constants finite and as long as their shape says, memory and work within reason. Only graphs
/// that pass may be given to XNNPACK, which trusts its caller.
void check(const Graph& graph);

/// "node 12 (convolution of 'name')", for messages.
std::string describe(const Graph& graph, std::size_t node);

}  // namespace scrim
