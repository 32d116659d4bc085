// Both blurs against the plain definition: blur at full resolution with reflected edges, then take
// the mean of each 2x2 for chroma.

#include "filter/blur.h"

#include <functional>
#include <numeric>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

/// One colour channel at full resolution.
struct Channel {
    int width, height;
    std::vector<double> values;
    double& at(int x, int y) {
        return values[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
    double at(int x, int y) const { return const_cast<Channel*>(this)->at(x, y); }
};

int reflected(int i, int size) {
    while (size > 1 && (i < 0 || i >= size))
        i = i < 0 ? -i : 2 * (size - 1) - i;
    return size > 1 ? i : 0;
}

using Kernel = std::vector<double>;

/// The kernel's anchor is its middle, for even sizes the right one of the two.
Channel convolved(const Channel& in, const Kernel& x_kernel, const Kernel& y_kernel) {
    Channel rows = in;
    Channel out = in;
    const auto along = [](const Kernel& kernel, const std::function<double(int)>& value) {
        const int anchor = static_cast<int>(kernel.size()) / 2;
        double sum = 0;
        for (int i = 0; i < static_cast<int>(kernel.size()); ++i) {
            sum += kernel[static_cast<std::size_t>(i)] * value(i - anchor);
        }
        return sum;
    };
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            rows.at(x, y) =
                along(x_kernel, [&](int i) { return in.at(reflected(x + i, in.width), y); });
        }
    }
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) {
            out.at(x, y) =
                along(y_kernel, [&](int i) { return rows.at(x, reflected(y + i, in.height)); });
        }
    }
    return out;
}

Plane luma(const Channel& channel) {
    Plane plane(channel.width, channel.height);
    for (int y = 0; y < channel.height; ++y) {
        for (int x = 0; x < channel.width; ++x) {
            plane.writable_row(y)[x] = static_cast<std::uint8_t>(std::lround(channel.at(x, y)));
        }
    }
    return plane;
}

Plane chroma(const Channel& channel) {
    Channel half{chroma_size(channel.width), chroma_size(channel.height), {}};
    half.values.resize(static_cast<std::size_t>(half.width) *
                       static_cast<std::size_t>(half.height));
    for (int y = 0; y < half.height; ++y) {
        for (int x = 0; x < half.width; ++x) {
            const int right = std::min(2 * x + 1, channel.width - 1);
            const int bottom = std::min(2 * y + 1, channel.height - 1);
            half.at(x, y) = (channel.at(2 * x, 2 * y) + channel.at(right, 2 * y) +
                             channel.at(2 * x, bottom) + channel.at(right, bottom)) /
                            4;
        }
    }
    return luma(half);
}

/// Hard-edged patches of strong colours.
Channel patches(int width, int height, int seed) {
    Channel channel{width, height, {}};
    channel.values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int patch = (x / 13) * 7 + ((y + x / 5) / 11) * 5 + seed;
            channel.at(x, y) = 60 + (patch * 37) % 140;
        }
    }
    return channel;
}

Kernel box(int size) {
    return Kernel(static_cast<std::size_t>(size), 1.0 / size);
}

Kernel bell(int size) {
    const double sigma = 0.3 * ((size - 1) / 2.0 - 1) + 0.8;
    Kernel kernel(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i) {
        const double distance = i - (size - 1) / 2.0;
        kernel[static_cast<std::size_t>(i)] = std::exp(-distance * distance / (2 * sigma * sigma));
    }
    const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
    for (double& weight : kernel)
        weight /= sum;
    return kernel;
}

void expect_like_full_resolution(const std::string& filter, const Kernel& x, const Kernel& y,
                                 int luma_tolerance) {
    SCOPED_TRACE(filter);
    const std::vector<Channel> in{patches(143, 91, 1), patches(143, 91, 2), patches(143, 91, 4)};
    Frame frame(143, 91, {});
    frame.y = luma(in[0]);
    frame.u = chroma(in[1]);
    frame.v = chroma(in[2]);
    const Frame out = filtered(filter, frame);
    EXPECT_LE(test::difference(out.y, luma(convolved(in[0], x, y))), luma_tolerance);
    EXPECT_GE(test::psnr(out.u, chroma(convolved(in[1], x, y))), 34);
    EXPECT_GE(test::psnr(out.v, chroma(convolved(in[2], x, y))), 34);
}

TEST(Blur, IsABoxAtFullResolution) {
    for (const int size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 21, 40, 61}) {
        expect_like_full_resolution(fmt::format(R"(["blur", {}])", size), box(size), box(size), 1);
    }
}

TEST(Blur, TakesTwoSizes) {
    expect_like_full_resolution(R"(["blur", 12, 4])", box(12), box(4), 1);
    expect_like_full_resolution(R"(["blur", [3, 21]])", box(3), box(21), 1);
    expect_like_full_resolution(R"(["blur", {intensity_x: 2, intensity_y: 1}])", box(2), box(1), 1);
    expect_like_full_resolution(R"(["blur", 9, 0])", box(9), box(1), 1);
    expect_like_full_resolution(R"(["blur"])", box(5), box(5), 1);
}

TEST(Blur, DoesNothingWithoutSize) {
    const Frame frame = test::noise_frame(33, 21, 1);
    for (const char* const filter : {R"(["blur", 0])", R"(["blur", -3, 0])", R"(["blur", 1])"}) {
        const Frame out = filtered(filter, frame);
        EXPECT_TRUE(out.y.shares_pixels_with(frame.y) && out.u.shares_pixels_with(frame.u));
    }
}

TEST(Blur, LeavesAlphaAlone) {
    Frame frame = test::noise_frame(33, 21, 1);
    frame.alpha = test::noise(33, 21, 9);
    EXPECT_TRUE(filtered(R"(["blur", 7])", frame).alpha.shares_pixels_with(frame.alpha));
    EXPECT_TRUE(filtered(R"(["gaussian_blur", 7])", frame).alpha.shares_pixels_with(frame.alpha));
}

/// A flat picture must not become darker or brighter by rounding.
TEST(Blur, KeepsFlatColours) {
    const Frame frame = solid_frame(64, 48, {}, {235, 16, 201});
    for (int size = 1; size < 24; ++size) {
        EXPECT_EQ(test::difference(filtered(fmt::format(R"(["blur", {}])", size), frame), frame), 0)
            << size;
        EXPECT_EQ(
            test::difference(filtered(fmt::format(R"(["gaussian_blur", {}])", size), frame), frame),
            0)
            << size;
    }
}

TEST(GaussianBlur, IsAGaussianAtFullResolution) {
    // OpenCV takes binomial weights up to 7 instead of the formula's: up to 3 % of a step apart.
    for (const int size : {1, 3, 5, 7}) {
        expect_like_full_resolution(fmt::format(R"(["gaussian_blur", {}])", size), bell(size),
                                    bell(size), 8);
    }
    for (const int size : {9, 11, 15, 17}) {
        expect_like_full_resolution(fmt::format(R"(["gaussian_blur", {}])", size), bell(size),
                                    bell(size), 1);
    }
}

TEST(GaussianBlur, ShowsNothingOfTheSmallerSizeThatItIsMadeAt) {
    for (const int size : {19, 21, 31, 35, 37, 61, 101}) {
        expect_like_full_resolution(fmt::format(R"(["gaussian_blur", {}])", size), bell(size),
                                    bell(size), 2);
    }
}

TEST(GaussianBlur, MakesEvenSizesOdd) {
    expect_like_full_resolution(R"(["gaussian_blur", [20, 10]])", bell(21), bell(11), 2);
    expect_like_full_resolution(R"(["gaussian_blur", 8, -1])", bell(9), bell(1), 1);
}

}  // namespace
}  // namespace scrim
