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
        if (operation == xnn_unary_elu) params.elu.alpha = 1;
        if (operation == xnn_unary_leaky_relu) params.leaky_relu.negative_slope = node.slope;
        const bool has_params = operation == xnn_unary_clamp || operation == xnn_unary_elu ||
                                operation == xnn_unary_leaky_relu;
        return xnn_define_unary(subgraph, operation, has_params ? &params : nullptr, values.input,
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
        case Operator::divide:
            return binary(xnn_binary_divide);
        case Operator::maximum:
            return binary(xnn_binary_maximum);
        case Operator::minimum:
            return binary(xnn_binary_minimum);
        case Operator::squared_difference:
            return binary(xnn_binary_squared_difference);
        case Operator::clamp:
            return unary(xnn_unary_clamp);
        case Operator::hard_swish:
            return unary(xnn_unary_hardswish);
        case Operator::sigmoid:
            return unary(xnn_unary_sigmoid);
        case Operator::absolute:
            return unary(xnn_unary_abs);
        case Operator::square:
            return unary(xnn_unary_square);
        case Operator::square_root:
            return unary(xnn_unary_square_root);
        case Operator::leaky_relu:
            return unary(xnn_unary_leaky_relu);
        case Operator::elu:
            return unary(xnn_unary_elu);
        case Operator::softmax:
            return xnn_define_softmax(subgraph, values.input, values.output, 0);
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
        case Operator::divide:
            return xnn_define_divide(subgraph, node.min, node.max, values.input, values.second,
                                     values.output, 0);
        case Operator::maximum:
            return xnn_define_maximum2(subgraph, values.input, values.second, values.output, 0);
        case Operator::minimum:
            return xnn_define_minimum2(subgraph, values.input, values.second, values.output, 0);
        case Operator::squared_difference:
            return xnn_define_squared_difference(subgraph, values.input, values.second,
                                                 values.output, 0);
        case Operator::clamp:
            return xnn_define_clamp(subgraph, node.min, node.max, values.input, values.output, 0);
        case Operator::hard_swish:
            return xnn_define_hardswish(subgraph, values.input, values.output, 0);
        case Operator::sigmoid:
            return xnn_define_sigmoid(subgraph, values.input, values.output, 0);
        case Operator::absolute:
            return xnn_define_abs(subgraph, values.input, values.output, 0);
        case Operator::square:
            return xnn_define_square(subgraph, values.input, values.output, 0);
        case Operator::square_root:
            return xnn_define_square_root(subgraph, values.input, values.output, 0);
        case Operator::leaky_relu:
            return xnn_define_leaky_relu(subgraph, node.slope, values.input, values.output, 0);
        case Operator::elu:
            return xnn_define_elu(subgraph, 1, values.input, values.output, 0);
        case Operator::softmax:
            return xnn_define_softmax(subgraph, values.input, values.output, 0);
        case Operator::mean:
            return xnn_define_global_average_pooling_2d(subgraph, node.min, node.max, values.input,
                                                        values.output, 0);
        default:
            return xnn_status_unsupported_parameter;
    }
}

#endif

}  // namespace scrim
