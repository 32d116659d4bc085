#include "filter/paint_over.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <numeric>
#include <vector>

#include <libyuv.h>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

/// Side of the blocks in luma pixels; also how far soft edges of masks reach.
constexpr int block = 8;

/// An edge pixel shows both, and its share of the person would shine out of the blur: what is more
/// than an eighth person does not count.
constexpr double cover_gain = 8;

Plane covered_by(const Plane& mask) {
    Plane cover(mask.width(), mask.height());
    cv::Mat result = mat_of(cover);
    mat_of(mask).convertTo(result, CV_8U, cover_gain);
    return cover;
}

/// The mean of every 2x2, for chroma.
Plane halved(const Plane& in) {
    Plane out(chroma_size(in.width()), chroma_size(in.height()));
    cv::Mat whole = mat_of(in);
    if (in.width() % 2 != 0 || in.height() % 2 != 0) {
        cv::copyMakeBorder(whole, whole, 0, in.height() % 2, 0, in.width() % 2,
                           cv::BORDER_REPLICATE);
    }
    cv::Mat result = mat_of(out);
    cv::resize(whole, result, result.size(), 0, 0, cv::INTER_AREA);
    return out;
}

/// Colour times weight, and weight (0..1), of each block.
struct Blocks {
    cv::Mat colour, weight;
};

/// What is not covered, in 5 bits, so that the products of eight rows fit into 16.
constexpr int full_weight = 31;
std::uint16_t weight_of(std::uint8_t cover) {
    return static_cast<std::uint16_t>((255 - cover) >> 3);
}

/// Sums over blocks of `side` x `side` pixels.
Blocks blocks_of(const Plane& plane, const Plane& cover, int side) {
    static_assert(block * full_weight * 255 <= 65535);
    const int width = plane.width();
    const int columns = (width + side - 1) / side;
    const int rows = (plane.height() + side - 1) / side;
    Blocks blocks{cv::Mat::zeros(rows, columns, CV_32F), cv::Mat::zeros(rows, columns, CV_32F)};
    const auto padded = static_cast<std::size_t>(columns) * static_cast<std::size_t>(side);
    std::vector<std::uint16_t> colours(padded);
    std::vector<std::uint16_t> weights(padded);
    for (int row = 0; row < rows; ++row) {
        std::fill(colours.begin(), colours.end(), std::uint16_t{0});
        std::fill(weights.begin(), weights.end(), std::uint16_t{0});
        for (int y = row * side; y < std::min((row + 1) * side, plane.height()); ++y) {
            const std::uint8_t* const in = plane.row(y);
            const std::uint8_t* const covered = cover.row(y);
            for (int x = 0; x < width; ++x) {
                const std::uint16_t weight = weight_of(covered[x]);
                const auto i = static_cast<std::size_t>(x);
                weights[i] = static_cast<std::uint16_t>(weights[i] + weight);
                colours[i] = static_cast<std::uint16_t>(colours[i] + weight * in[x]);
            }
        }
        auto* const colour = blocks.colour.ptr<float>(row);
        auto* const weight = blocks.weight.ptr<float>(row);
        const float scale = 1.F / static_cast<float>(full_weight * side * side);
        for (int column = 0; column < columns; ++column) {
            const std::ptrdiff_t begin = std::ptrdiff_t{column} * side;
            const auto sum = [&](const std::vector<std::uint16_t>& of) {
                return static_cast<float>(
                    std::accumulate(of.begin() + begin, of.begin() + begin + side, 0));
            };
            colour[column] = scale * sum(colours);
            weight[column] = scale * sum(weights);
        }
    }
    return blocks;
}

/// The colour of each block; where its weight is not full, the rest comes from the blocks around.
cv::Mat filled(const Blocks& blocks) {
    const cv::Size size = blocks.weight.size();
    if (size.area() == 1) {
        return blocks.colour / std::max(blocks.weight.at<float>(0, 0), 1e-6F);
    }
    // Four blocks are one with the sum of their weights, at most a full one.
    const cv::Size half((size.width + 1) / 2, (size.height + 1) / 2);
    const auto sums = [&](const cv::Mat& in) {
        cv::Mat even;
        cv::copyMakeBorder(in, even, 0, 2 * half.height - size.height, 0,
                           2 * half.width - size.width, cv::BORDER_CONSTANT, 0);
        cv::resize(even, even, half, 0, 0, cv::INTER_AREA);
        return cv::Mat(even * 4);
    };
    Blocks coarse{sums(blocks.colour), sums(blocks.weight)};
    cv::Mat too_much = cv::max(coarse.weight, 1);
    coarse.colour /= too_much;
    coarse.weight /= too_much;

    cv::Mat around;
    cv::resize(filled(coarse), around, half * 2, 0, 0, cv::INTER_LINEAR);
    return blocks.colour + around(cv::Rect({0, 0}, size)).mul(1 - blocks.weight);
}

Plane view_of(const Plane& plane, cv::Rect part) {
    return Plane::borrowed(plane.row(part.y) + part.x, part.width, part.height, plane.stride(),
                           nullptr);
}

/// Puts the blocks' colours over a part of the plane where it is covered.
void paint(Plane& plane, cv::Rect part, const Plane& cover, int side) {
    double least = 0;
    double most = 0;
    cv::minMaxLoc(mat_of(cover), &least, &most);
    if (most == 0 || weight_of(static_cast<std::uint8_t>(least)) == 0) return;
    cv::Mat colours;
    filled(blocks_of(view_of(plane, part), cover, side)).convertTo(colours, CV_8U);
    cv::Mat large;
    cv::resize(colours, large, colours.size() * side, 0, 0, cv::INTER_LINEAR);
    std::uint8_t* const target = plane.writable_row(part.y) + part.x;
    libyuv::BlendPlane(large.data, static_cast<int>(large.step), target, plane.stride(),
                       cover.data(), cover.stride(), target, plane.stride(), part.width,
                       part.height);
}

/// The person and what is near: colours from further away are not needed, and cost time. It begins
/// and ends with whole blocks, or at the picture's edge.
cv::Rect surroundings(const Plane& mask) {
    constexpr int reach = 12 * block;
    const cv::Rect person = cv::boundingRect(mat_of(mask));
    if (person.empty()) return person;
    const auto down = [](int position) { return std::max(position - reach, 0) / block * block; };
    const auto up = [](int position, int most) {
        return std::min((position + reach + block - 1) / block * block, most);
    };
    return {cv::Point(down(person.x), down(person.y)),
            cv::Point(up(person.x + person.width, mask.width()),
                      up(person.y + person.height, mask.height()))};
}

}  // namespace

void paint_over(Frame& image, const Plane& mask) {
    assert(mask.width() == image.width() && mask.height() == image.height());
    const cv::Rect part = surroundings(mask);
    if (part.empty()) return;
    const Plane person = view_of(mask, part);
    paint(image.y, part, covered_by(person), block);
    const cv::Rect chroma_part(part.x / 2, part.y / 2, chroma_size(part.width),
                               chroma_size(part.height));
    const Plane chroma_cover = covered_by(halved(person));
    paint(image.u, chroma_part, chroma_cover, block / 2);
    paint(image.v, chroma_part, chroma_cover, block / 2);
}

}  // namespace scrim
