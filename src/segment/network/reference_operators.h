#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

#include "segment/network/graph.h"

namespace scrim::reference {

/// Plain versions of the operators, for tests: as TensorFlow defines them, one loop per dimension.

struct Array {
    Shape shape{1, 1, 1, 1};
    std::vector<float> data;

    explicit Array(Shape s) : shape(s), data(static_cast<std::size_t>(elements(s))) {}

    std::size_t index(int n, int y, int x, int c) const {
        const std::ptrdiff_t row = std::ptrdiff_t{n} * shape[1] + y;
        return static_cast<std::size_t>((row * shape[2] + x) * shape[3] + c);
    }
    float& at(int y, int x, int c, int n = 0) { return data[index(n, y, x, c)]; }
    float at(int y, int x, int c, int n = 0) const { return data[index(n, y, x, c)]; }
    /// Zero outside.
    float padded(int y, int x, int c) const {
        const bool inside = y >= 0 && x >= 0 && y < shape[1] && x < shape[2];
        return inside ? at(y, x, c) : 0.0F;
    }
};

inline Array random_array(Shape shape, std::mt19937& random) {
    Array array(shape);
    std::uniform_real_distribution<float> number(-2.0F, 2.0F);
    for (float& value : array.data)
        value = number(random);
    return array;
}

/// fill(y, x, c) for each element of the result.
template <typename Function>
Array computed(Shape shape, Function fill) {
    Array result(shape);
    for (int y = 0; y < shape[1]; ++y) {
        for (int x = 0; x < shape[2]; ++x) {
            for (int c = 0; c < shape[3]; ++c)
                result.at(y, x, c) = fill(y, x, c);
        }
    }
    return result;
}

template <typename Function>
Array each(Array array, Function function) {
    for (float& value : array.data)
        value = function(value);
    return array;
}

struct Steps {
    int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1;
    bool same = true;
};

/// Length of a convolution's result and how far its first window reaches out of the picture.
inline std::pair<int, int> window(int side, int kernel, int stride, int dilation, bool same) {
    const int reach = (kernel - 1) * dilation + 1;
    if (!same) return {(side - reach) / stride + 1, 0};
    const int length = (side + stride - 1) / stride;
    return {length, std::max((length - 1) * stride + reach - side, 0) / 2};
}

inline Array convolution(const Array& in, const Array& weights, const Array& bias, Steps s,
                         bool depthwise) {
    const auto [h, top] = window(in.shape[1], weights.shape[1], s.stride_h, s.dilation_h, s.same);
    const auto [w, left] = window(in.shape[2], weights.shape[2], s.stride_w, s.dilation_w, s.same);
    const int first_y = top;
    const int first_x = left;
    return computed({1, h, w, depthwise ? in.shape[3] : weights.shape[0]},
                    [&](int y, int x, int c) {
                        float sum = bias.data[static_cast<std::size_t>(c)];
                        for (int ky = 0; ky < weights.shape[1]; ++ky) {
                            for (int kx = 0; kx < weights.shape[2]; ++kx) {
                                const int sy = y * s.stride_h - first_y + ky * s.dilation_h;
                                const int sx = x * s.stride_w - first_x + kx * s.dilation_w;
                                if (depthwise) {
                                    sum += in.padded(sy, sx, c) * weights.at(ky, kx, c);
                                    continue;
                                }
                                for (int i = 0; i < in.shape[3]; ++i) {
                                    sum += in.padded(sy, sx, i) * weights.at(ky, kx, i, c);
                                }
                            }
                        }
                        return sum;
                    });
}

/// Kernel and stride are the same: every input pixel becomes a block of its own.
inline Array transposed_convolution(const Array& in, const Array& weights, const Array& bias) {
    const int kh = weights.shape[1];
    const int kw = weights.shape[2];
    return computed({1, in.shape[1] * kh, in.shape[2] * kw, weights.shape[0]},
                    [&](int y, int x, int c) {
                        float sum = bias.data[static_cast<std::size_t>(c)];
                        for (int i = 0; i < in.shape[3]; ++i) {
                            sum += in.at(y / kh, x / kw, i) * weights.at(y % kh, x % kw, i, c);
                        }
                        return sum;
                    });
}

template <typename Function>
Array pairwise(const Array& a, const Array& b, Function function) {
    Shape shape{};
    for (std::size_t i = 0; i < shape.size(); ++i)
        shape[i] = std::max(a.shape[i], b.shape[i]);
    const auto value = [](const Array& array, int y, int x, int c) {
        return array.at(y % array.shape[1], x % array.shape[2], c % array.shape[3]);
    };
    return computed(
        shape, [&](int y, int x, int c) { return function(value(a, y, x, c), value(b, y, x, c)); });
}

inline Array mean(const Array& in) {
    Array result({1, 1, 1, in.shape[3]});
    for (int c = 0; c < in.shape[3]; ++c) {
        double sum = 0;
        for (int y = 0; y < in.shape[1]; ++y) {
            for (int x = 0; x < in.shape[2]; ++x)
                sum += in.at(y, x, c);
        }
        result.at(0, 0, c) = static_cast<float>(sum / (in.shape[1] * in.shape[2]));
    }
    return result;
}

/// The largest in each window; what is outside of the picture does not count.
inline Array max_pool(const Array& in, int kernel_h, int kernel_w, Steps s) {
    const auto [h, top] = window(in.shape[1], kernel_h, s.stride_h, 1, s.same);
    const auto [w, left] = window(in.shape[2], kernel_w, s.stride_w, 1, s.same);
    const int first_y = top;
    const int first_x = left;
    return computed({1, h, w, in.shape[3]}, [&](int y, int x, int c) {
        float most = -std::numeric_limits<float>::infinity();
        for (int ky = 0; ky < kernel_h; ++ky) {
            for (int kx = 0; kx < kernel_w; ++kx) {
                const int sy = y * s.stride_h - first_y + ky;
                const int sx = x * s.stride_w - first_x + kx;
                const bool inside = sy >= 0 && sx >= 0 && sy < in.shape[1] && sx < in.shape[2];
                if (inside) most = std::max(most, in.at(sy, sx, c));
            }
        }
        return most;
    });
}

/// The mean of what is inside of the picture in each window.
inline Array average_pool(const Array& in, int kernel_h, int kernel_w, Steps s) {
    const auto [h, top] = window(in.shape[1], kernel_h, s.stride_h, 1, s.same);
    const auto [w, left] = window(in.shape[2], kernel_w, s.stride_w, 1, s.same);
    const int first_y = top;
    const int first_x = left;
    return computed({1, h, w, in.shape[3]}, [&](int y, int x, int c) {
        float sum = 0;
        int count = 0;
        for (int ky = 0; ky < kernel_h; ++ky) {
            for (int kx = 0; kx < kernel_w; ++kx) {
                const int sy = y * s.stride_h - first_y + ky;
                const int sx = x * s.stride_w - first_x + kx;
                if (sy < 0 || sx < 0 || sy >= in.shape[1] || sx >= in.shape[2]) continue;
                sum += in.at(sy, sx, c);
                ++count;
            }
        }
        return sum / static_cast<float>(count);
    });
}

/// What each input pixel adds to a window of the result, of which `top` and `left` are cut off.
inline Array transposed_convolution(const Array& in, const Array& weights, const Array& bias,
                                    Steps s, Shape shape, int top, int left) {
    Array result =
        computed(shape, [&](int, int, int c) { return bias.data[static_cast<std::size_t>(c)]; });
    const auto add = [&](int y, int x, int ky, int kx) {
        const int ty = y * s.stride_h + ky - top;
        const int tx = x * s.stride_w + kx - left;
        if (ty < 0 || tx < 0 || ty >= shape[1] || tx >= shape[2]) return;
        for (int c = 0; c < shape[3]; ++c) {
            for (int i = 0; i < in.shape[3]; ++i)
                result.at(ty, tx, c) += in.at(y, x, i) * weights.at(ky, kx, i, c);
        }
    };
    for (int y = 0; y < in.shape[1]; ++y) {
        for (int x = 0; x < in.shape[2]; ++x) {
            for (int ky = 0; ky < weights.shape[1]; ++ky) {
                for (int kx = 0; kx < weights.shape[2]; ++kx)
                    add(y, x, ky, kx);
            }
        }
    }
    return result;
}

inline Array softmax(const Array& in, float beta) {
    return computed(in.shape, [&](int y, int x, int c) {
        double sum = 0;
        for (int i = 0; i < in.shape[3]; ++i)
            sum += std::exp(double{beta} * (double{in.at(y, x, i)} - double{in.at(y, x, c)}));
        return static_cast<float>(1 / sum);
    });
}

/// The two side by side, along height (1), width (2) or channels (3).
inline Array concatenation(const Array& a, const Array& b, int axis) {
    const auto side = static_cast<std::size_t>(axis);
    Shape shape = a.shape;
    shape[side] += b.shape[side];
    return computed(shape, [&](int y, int x, int c) {
        std::array<int, 4> place{0, y, x, c};
        const bool first = place[side] < a.shape[side];
        if (!first) place[side] -= a.shape[side];
        return (first ? a : b).at(place[1], place[2], place[3]);
    });
}

/// Zeros around the picture.
inline Array pad(const Array& in, int top, int bottom, int left, int right, int channels = 0) {
    return computed(
        {1, in.shape[1] + top + bottom, in.shape[2] + left + right, in.shape[3] + channels},
        [&](int y, int x, int c) {
            return c < in.shape[3] ? in.padded(y - top, x - left, c) : 0.0F;
        });
}

/// Each channel times its scale plus its shift.
inline Array scaled(const Array& in, const std::vector<float>& scale,
                    const std::vector<float>& shift) {
    return computed(in.shape, [&](int y, int x, int c) {
        const auto channel = static_cast<std::size_t>(c);
        return in.at(y, x, c) * scale[channel] + shift[channel];
    });
}

inline Array resize(const Array& in, int height, int width) {
    // The two neighbours of an output pixel's centre, and the weight of the second.
    const auto neighbours = [](int i, int from, int to) {
        const float centre =
            (static_cast<float>(i) + 0.5F) * static_cast<float>(from) / static_cast<float>(to) -
            0.5F;
        const float low = std::floor(centre);
        const int first = static_cast<int>(low);
        return std::tuple{std::clamp(first, 0, from - 1), std::clamp(first + 1, 0, from - 1),
                          centre - low};
    };
    return computed({1, height, width, in.shape[3]}, [&](int y, int x, int c) {
        const auto [y0, y1, wy] = neighbours(y, in.shape[1], height);
        const auto [x0, x1, wx] = neighbours(x, in.shape[2], width);
        const float upper = in.at(y0, x0, c) * (1 - wx) + in.at(y0, x1, c) * wx;
        const float lower = in.at(y1, x0, c) * (1 - wx) + in.at(y1, x1, c) * wx;
        return upper * (1 - wy) + lower * wy;
    });
}

inline float hard_swish(float x) {
    return x * std::clamp(x + 3.0F, 0.0F, 6.0F) / 6.0F;
}
inline float sigmoid(float x) {
    return 1.0F / (1.0F + std::exp(-x));
}
inline float relu(float x) {
    return std::max(x, 0.0F);
}
inline float relu6(float x) {
    return std::clamp(x, 0.0F, 6.0F);
}

}  // namespace scrim::reference
