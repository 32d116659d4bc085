#include "segment/motion.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

/// Something with edges everywhere: noise, smoothed over some pixels.
cv::Mat texture(int width, int height, unsigned seed) {
    std::mt19937 random(seed);
    cv::Mat small(height / 24 + 2, width / 24 + 2, CV_8U);
    std::generate(small.begin<std::uint8_t>(), small.end<std::uint8_t>(),
                  [&] { return static_cast<std::uint8_t>(random() >> 24U); });
    cv::Mat large;
    cv::resize(small, large, {width, height}, 0, 0, cv::INTER_CUBIC);
    return large;
}

Plane plane_of(const cv::Mat& pixels) {
    Plane plane(pixels.cols, pixels.rows);
    pixels.copyTo(mat_of(plane));
    return plane;
}

/// Everything moved to the right and down by that many pixels; what comes in is a repeated edge.
Plane moved(const cv::Mat& pixels, double dx, double dy) {
    const cv::Mat matrix = (cv::Mat_<double>(2, 3) << 1, 0, dx, 0, 1, dy);
    cv::Mat result;
    cv::warpAffine(pixels, result, matrix, pixels.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return plane_of(result);
}

cv::Mat disc(int width, int height, cv::Point center, int radius) {
    cv::Mat mask(height, width, CV_8U, cv::Scalar(0));
    cv::circle(mask, center, radius, 255, cv::FILLED);
    return mask;
}

double overlap(const cv::Mat& a, const cv::Mat& b) {
    return double(cv::countNonZero((a > 127) & (b > 127))) /
           double(cv::countNonZero((a > 127) | (b > 127)));
}

TEST(MotionCarrier, FollowsACameraThatMoves) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> shift(-70, 70);
    const cv::Mat room = texture(1280, 720, 1);
    const cv::Mat mask = disc(256, 144, {128, 72}, 30);
    for (int i = 0; i < 10; ++i) {
        const double dx = shift(random);
        const double dy = shift(random) / 2;
        MotionCarrier carrier;
        carrier.remember(plane_of(room));
        carrier.follow(moved(room, dx, dy));
        const Plane carried = carrier.carried(plane_of(mask));
        const Plane wanted = moved(mask, dx / 5, dy / 5);
        EXPECT_GT(overlap(mat_of(carried), mat_of(wanted)), 0.97) << dx << ", " << dy;
    }
}

TEST(MotionCarrier, FollowsSomebodyInARoomThatStaysWhereItIs) {
    const cv::Mat room = texture(640, 360, 1);
    const cv::Mat figure = texture(640, 360, 2);
    for (const auto& [dx, dy] : {std::pair{20, 0}, {-35, 10}, {0, -24}, {41, 13}}) {
        const cv::Mat before = disc(640, 360, {320, 180}, 100);
        const Plane after = moved(before, dx, dy);
        cv::Mat first = room.clone();
        figure.copyTo(first, before);
        cv::Mat second = room.clone();
        mat_of(moved(figure, dx, dy)).copyTo(second, mat_of(after));

        MotionCarrier carrier;
        carrier.remember(plane_of(first));
        carrier.follow(plane_of(second));
        const Plane carried = carrier.carried(plane_of(before));
        const double left_alone = overlap(before, mat_of(after));
        EXPECT_GT(overlap(mat_of(carried), mat_of(after)), 0.7 * left_alone + 0.3)
            << dx << ", " << dy;
    }
}

TEST(MotionCarrier, WhatDoesNotMoveStaysAsItIs) {
    const cv::Mat room = texture(640, 360, 1);
    const Plane mask = plane_of(texture(256, 144, 5));
    for (const Plane& picture : {plane_of(room), Plane::filled(640, 360, 90)}) {
        MotionCarrier carrier;
        carrier.remember(picture);
        const Plane before = carrier.carried(mask);  // not followed yet
        EXPECT_TRUE(before.shares_pixels_with(mask));
        carrier.follow(picture);
        const Plane carried = carrier.carried(mask);
        EXPECT_EQ(cv::norm(mat_of(carried), mat_of(mask), cv::NORM_INF), 0);
    }
}

TEST(MotionCarrier, AFaceIsCoveredWhereItWasAndWhereItIs) {
    const cv::Mat room = texture(1280, 720, 1);
    MotionCarrier carrier;
    carrier.remember(plane_of(room));
    carrier.follow(moved(room, 64, -36));
    const Face face{0.4, 0.4, 0.6, 0.7, std::array{FramePoint{0.45, 0.5}, FramePoint{0.55, 0.5}}};
    const Face carried = carrier.carried(face);
    EXPECT_NEAR(carried.left, 0.4, 1e-9);
    EXPECT_NEAR(carried.right, 0.65, 0.005);
    EXPECT_NEAR(carried.top, 0.35, 0.005);
    EXPECT_NEAR(carried.bottom, 0.7, 1e-9);
    ASSERT_TRUE(carried.eyes);
    EXPECT_NEAR(carried.eyes->front().x, 0.5, 0.005);
    EXPECT_NEAR(carried.eyes->front().y, 0.45, 0.005);
}

TEST(MotionCarrier, AnySizeWillDo) {
    for (const auto& [w, h] :
         {std::pair{1, 1}, {1, 7}, {3, 5}, {127, 63}, {16, 2000}, {4096, 16}}) {
        MotionCarrier carrier;
        carrier.remember(Plane::filled(w, h, 10));
        carrier.follow(Plane::filled(w, h, 200));
        const Plane carried = carrier.carried(Plane::filled(w, h, 77));
        EXPECT_EQ(carried.width(), w);
        EXPECT_EQ(carried.height(), h);
        EXPECT_EQ(carried.row(h - 1)[w - 1], 77);
        carrier.carried(Face{-0.2, 0.5, 1.7, 3, {}});
    }
}

}  // namespace
}  // namespace scrim
