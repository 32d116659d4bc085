#include "segment/network/xnnpack_operators.h"

#include <array>

namespace scrim {

#if SCRIM_XNNPACK_GENERAL_OPERATORS

xnn_status define_simple_node(xnn_subgraph_t subgraph, const Node& node,
                              const XnnpackValues& values) {
    const auto unary = [&](xnn_unary_operator operation) {
        xnn_unary_params params{};
        params.clamp.min = node.min;
        params.clamp.max = node.max;
        const bool clamp = operation == xnn_unary_clamp;
        return xnn_define_unary(subgraph, operation, clamp ? &params : nullptr, values.input,
                                values.output, 0);
    };
    const auto binary = [&](xnn_binary_operator operation) {
        const xnn_binary_params params{node.min, node.max};
        return xnn_define_binary(subgraph, operation, &params, values.input, values.second,
                                 values.output, 0);
    };
    constexpr std::array<std::size_t, 2> height_and_width{1, 2};
    switch (node.operation) {
        case Operator::add:
            return binary(xnn_binary_add);
        case Operator::subtract:
            return binary(xnn_binary_subtract);
        case Operator::multiply:
            return binary(xnn_binary_multiply);
        case Operator::clamp:
            return unary(xnn_unary_clamp);
        case Operator::hard_swish:
            return unary(xnn_unary_hardswish);
        case Operator::sigmoid:
            return unary(xnn_unary_sigmoid);
        case Operator::mean:
            return xnn_define_static_reduce(subgraph, xnn_reduce_mean, height_and_width.size(),
                                            height_and_width.data(), values.input, values.output,
                                            XNN_FLAG_KEEP_DIMS);
        default:
            return xnn_status_unsupported_parameter;
    }
}

#else

xnn_status define_simple_node(xnn_subgraph_t subgraph, const Node& node,
                              const XnnpackValues& values) {
    switch (node.operation) {
        case Operator::add:
            return xnn_define_add2(subgraph, node.min, node.max, values.input, values.second,
                                   values.output, 0);
        case Operator::subtract:
            return xnn_define_subtract(subgraph, node.min, node.max, values.input, values.second,
                                       values.output, 0);
        case Operator::multiply:
            return xnn_define_multiply2(subgraph, node.min, node.max, values.input, values.second,
                                        values.output, 0);
        case Operator::clamp:
            return xnn_define_clamp(subgraph, node.min, node.max, values.input, values.output, 0);
        case Operator::hard_swish:
            return xnn_define_hardswish(subgraph, values.input, values.output, 0);
        case Operator::sigmoid:
            return xnn_define_sigmoid(subgraph, values.input, values.output, 0);
        case Operator::mean:
            return xnn_define_global_average_pooling_2d(subgraph, node.min, node.max, values.input,
                                                        values.output, 0);
        default:
            return xnn_status_unsupported_parameter;
    }
}

#endif

}  // namespace scrim
