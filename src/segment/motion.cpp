#include "segment/motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

#include <libyuv.h>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

constexpr int width = 160;  // of a thumbnail
constexpr int block = 8;    // side of a block in it; its size is a multiple of that
constexpr int tallest = 4 * width;

// At half size a block is matched with what is around it as well: alone it says too little.
constexpr int coarse_block = block / 2;
constexpr int window = 8;
constexpr int coarse_reach = 6;  // pixels of the half: 96 of 1280
constexpr int fine_reach = 2;

/// The price of a pixel of difference to what the neighbours do, in units of the differences' sum.
constexpr int price_of_departure = 24;
/// The price of a pixel of movement where the neighbours have no say yet.
constexpr int price_of_movement = 6;

constexpr int side_of(int reach) {
    return 2 * reach + 1;
}

/// The sums of differences between one window and those around it in the other picture.
template <int reach>
struct Costs {
    static constexpr std::size_t side = side_of(reach);
    std::array<int, side * side> sums;

    int& at(int dx, int dy) {
        const int place = (dy + reach) * side_of(reach) + dx + reach;
        return sums[static_cast<std::size_t>(place)];
    }
};

/// Without the thread sanitizer's look at each pixel, which takes 200 ms a picture: OpenCV, which
/// it does not see into, has made these pictures for the one thread that compares them.
__attribute__((no_sanitize("thread"))) int difference(const std::uint8_t* a, const std::uint8_t* b,
                                                      std::size_t step) {
    int sum = 0;
    for (int y = 0; y < window; ++y, a += step, b += step) {
        for (int x = 0; x < window; ++x)
            sum += std::abs(a[x] - b[x]);
    }
    return sum;
}

/// A picture with its edge pixels repeated around it, so that windows may reach beyond.
struct Padded {
    static constexpr int margin = 2 * coarse_reach + 2 * fine_reach + window;
    cv::Mat pixels;

    explicit Padded(const cv::Mat& picture) {
        cv::copyMakeBorder(picture, pixels, margin, margin, margin, margin, cv::BORDER_REPLICATE);
    }
    const std::uint8_t* at(int x, int y) const { return pixels.ptr(y + margin) + x + margin; }
};

/// All windows of that reach around `center`, which says where the middle of them is.
template <int reach>
Costs<reach> costs_at(const Padded& now, const Padded& then, cv::Point corner, cv::Point center) {
    Costs<reach> costs;
    const std::uint8_t* const here = now.at(corner.x, corner.y);
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const auto* there = then.at(corner.x + center.x + dx, corner.y + center.y + dy);
            costs.at(dx, dy) = difference(here, there, now.pixels.step);
        }
    }
    return costs;
}

/// The cheapest of them, where each pixel away from `wanted` costs something.
template <int reach>
cv::Point cheapest(Costs<reach>& costs, cv::Point2f wanted, float price) {
    cv::Point best;
    float least = std::numeric_limits<float>::infinity();
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const float away =
                std::hypot(static_cast<float>(dx) - wanted.x, static_cast<float>(dy) - wanted.y);
            const float cost = static_cast<float>(costs.at(dx, dy)) + price * away;
            if (cost >= least) continue;
            least = cost;
            best = {dx, dy};
        }
    }
    return best;
}

/// By how much the lowest point of the parabola through three costs is beside the middle one.
float beside_middle(int before, int middle, int after) {
    constexpr int same = window * window;  // a level a pixel: nothing to be improved
    const int curve = before + after - 2 * middle;
    if (middle < same || curve <= 0 || before < middle || after < middle) return 0;
    return 0.5F * static_cast<float>(before - after) / static_cast<float>(curve);
}

/// The median of the shifts of a block and its neighbours, for each.
cv::Mat_<cv::Vec2f> medians(const cv::Mat_<cv::Vec2f>& shifts) {
    std::array<cv::Mat, 2> sides;
    cv::split(shifts, sides.data());
    for (cv::Mat& side : sides)
        cv::medianBlur(side, side, 3);
    cv::Mat result;
    cv::merge(sides.data(), sides.size(), result);
    return result;
}

cv::Mat_<cv::Vec2f> coarse_shifts(const cv::Mat& now_half, const cv::Mat& then_half) {
    const Padded now(now_half);
    const Padded then(then_half);
    const cv::Size grid(now_half.cols / coarse_block, now_half.rows / coarse_block);
    std::vector<Costs<coarse_reach>> costs(static_cast<std::size_t>(grid.area()));
    const auto costs_of = [&](int x, int y) -> Costs<coarse_reach>& {
        const int number = y * grid.width + x;
        return costs[static_cast<std::size_t>(number)];
    };
    cv::Mat_<cv::Vec2f> shifts(grid);
    const auto decide = [&](const cv::Mat_<cv::Vec2f>* neighbours) {
        for (int y = 0; y < grid.height; ++y) {
            for (int x = 0; x < grid.width; ++x) {
                auto& own = costs_of(x, y);
                const cv::Vec2f wanted = neighbours != nullptr ? (*neighbours)(y, x) : cv::Vec2f();
                const int price = neighbours != nullptr ? price_of_departure : price_of_movement;
                const cv::Point best =
                    cheapest(own, {wanted[0], wanted[1]}, static_cast<float>(price));
                shifts(y, x) = {static_cast<float>(best.x), static_cast<float>(best.y)};
            }
        }
    };
    constexpr int around = (window - coarse_block) / 2;
    for (int y = 0; y < grid.height; ++y) {
        for (int x = 0; x < grid.width; ++x) {
            const cv::Point corner(x * coarse_block - around, y * coarse_block - around);
            costs_of(x, y) = costs_at<coarse_reach>(now, then, corner, {});
        }
    }
    decide(nullptr);
    const cv::Mat_<cv::Vec2f> neighbours = medians(shifts);
    decide(&neighbours);
    return medians(shifts);
}

cv::Mat_<cv::Vec2f> fine_shifts(const cv::Mat& now_whole, const cv::Mat& then_whole,
                                const cv::Mat_<cv::Vec2f>& coarse) {
    const Padded now(now_whole);
    const Padded then(then_whole);
    cv::Mat_<cv::Vec2f> shifts(coarse.size());
    for (int y = 0; y < shifts.rows; ++y) {
        for (int x = 0; x < shifts.cols; ++x) {
            const cv::Vec2f twice = 2 * coarse(y, x);
            const cv::Point center(cvRound(twice[0]), cvRound(twice[1]));
            auto costs = costs_at<fine_reach>(now, then, {x * block, y * block}, center);
            const cv::Point best = cheapest(costs, {}, static_cast<float>(price_of_departure));
            cv::Vec2f exact(static_cast<float>(center.x + best.x),
                            static_cast<float>(center.y + best.y));
            const int middle = costs.at(best.x, best.y);
            if (std::abs(best.x) < fine_reach) {
                exact[0] += beside_middle(costs.at(best.x - 1, best.y), middle,
                                          costs.at(best.x + 1, best.y));
            }
            if (std::abs(best.y) < fine_reach) {
                exact[1] += beside_middle(costs.at(best.x, best.y - 1), middle,
                                          costs.at(best.x, best.y + 1));
            }
            shifts(y, x) = exact;
        }
    }
    return shifts;
}

}  // namespace

MotionCarrier::Thumbnails MotionCarrier::thumbnails_of(const Plane& luma) {
    const int rows = width * luma.height() / luma.width();
    const int height = std::clamp((rows + block / 2) / block * block, block, tallest);
    Thumbnails thumbnails{cv::Mat(height, width, CV_8U), {}};
    libyuv::ScalePlane(luma.data(), luma.stride(), luma.width(), luma.height(),
                       thumbnails.whole.data, static_cast<int>(thumbnails.whole.step), width,
                       height, libyuv::kFilterBox);
    cv::resize(thumbnails.whole, thumbnails.half, {width / 2, height / 2}, 0, 0, cv::INTER_AREA);
    return thumbnails;
}

void MotionCarrier::remember(const Plane& luma) {
    remembered_ = thumbnails_of(luma);
    shifts_.release();
}

void MotionCarrier::follow(const Plane& luma) {
    const Thumbnails now = thumbnails_of(luma);
    if (now.whole.size() != remembered_.whole.size()) return;
    const auto coarse = coarse_shifts(now.half, remembered_.half);
    shifts_ = fine_shifts(now.whole, remembered_.whole, coarse);
}

Plane MotionCarrier::carried(const Plane& plane) const {
    if (shifts_.empty()) return plane;
    cv::Mat places;
    cv::resize(shifts_, places, {plane.width(), plane.height()}, 0, 0, cv::INTER_LINEAR);
    const float scale_x = static_cast<float>(plane.width()) / static_cast<float>(width);
    const float scale_y =
        static_cast<float>(plane.height()) / static_cast<float>(remembered_.whole.rows);
    for (int y = 0; y < places.rows; ++y) {
        auto* const row = places.ptr<cv::Vec2f>(y);
        for (int x = 0; x < places.cols; ++x) {
            row[x][0] = static_cast<float>(x) + row[x][0] * scale_x;
            row[x][1] = static_cast<float>(y) + row[x][1] * scale_y;
        }
    }
    Plane result(plane.width(), plane.height());
    cv::Mat target = mat_of(result);
    cv::remap(mat_of(plane), target, places, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return result;
}

cv::Point2d MotionCarrier::mean_shift(const Face& face) const {
    const auto block_of = [](double place, int blocks) {
        return std::clamp(static_cast<int>(std::clamp(place, 0.0, 1.0) * blocks), 0, blocks - 1);
    };
    const cv::Point first(block_of(face.left, shifts_.cols), block_of(face.top, shifts_.rows));
    const cv::Point last(block_of(face.right, shifts_.cols), block_of(face.bottom, shifts_.rows));
    const cv::Scalar mean = cv::mean(shifts_(cv::Rect(first, last + cv::Point(1, 1))));
    return {mean[0] / width, mean[1] / remembered_.whole.rows};
}

Face MotionCarrier::carried(const Face& face) const {
    if (shifts_.empty()) return face;
    const cv::Point2d shift = mean_shift(face);
    Face moved = face;
    (shift.x > 0 ? moved.left : moved.right) -= shift.x;
    (shift.y > 0 ? moved.top : moved.bottom) -= shift.y;
    if (moved.eyes) {
        for (FramePoint& eye : *moved.eyes) {
            eye.x -= shift.x;
            eye.y -= shift.y;
        }
    }
    return moved;
}

}  // namespace scrim
