#include "app/block_code.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "frame/mat.h"

namespace scrim {
namespace {

constexpr block_code::Tones tones{16, 235, 110};

/// 640x480 or another size, cells of 36 or so many pixels.
cv::Mat drawn(std::uint16_t number, int width = 640, int height = 480) {
    Plane plane(width, height);
    block_code::draw(plane, block_code::cells_of(number), tones);
    return mat_of(plane).clone();
}

std::optional<std::uint16_t> found(const cv::Mat& picture) {
    Plane plane(picture.cols, picture.rows);
    cv::Mat target = mat_of(plane);
    picture.copyTo(target);
    return block_code::find(plane);
}

/// Turned by degrees, at a share of its size, somewhere in a picture of the same size.
cv::Mat moved(const cv::Mat& picture, double degrees, double scale, double right = 0,
              double down = 0) {
    cv::Mat matrix = cv::getRotationMatrix2D(
        {static_cast<float>(picture.cols) / 2, static_cast<float>(picture.rows) / 2}, degrees,
        scale);
    matrix.at<double>(0, 2) += right;
    matrix.at<double>(1, 2) += down;
    cv::Mat result;
    cv::warpAffine(picture, result, matrix, picture.size(), cv::INTER_AREA, cv::BORDER_CONSTANT,
                   110);
    return result;
}

cv::Mat noisy(const cv::Mat& picture, double sigma, std::uint64_t seed) {
    cv::Mat noise(picture.size(), CV_16S);
    cv::RNG(seed).fill(noise, cv::RNG::NORMAL, 0, sigma);
    cv::Mat result;
    cv::add(picture, noise, result, cv::noArray(), CV_8U);
    return result;
}

TEST(BlockCode, EveryNumberIsReadBack) {
    for (unsigned number = 0; number <= 0xffff; number += 97)
        ASSERT_EQ(found(drawn(static_cast<std::uint16_t>(number))), number);
    EXPECT_EQ(found(drawn(0)), 0);
    EXPECT_EQ(found(drawn(0xffff)), 0xffff);
}

TEST(BlockCode, AtManySizes) {
    for (const int height : {60, 100, 121, 240, 481, 720, 1080, 2160})
        EXPECT_EQ(found(drawn(4711, height * 16 / 9, height)), 4711) << height;
    for (const double scale : {1.2, 0.7, 0.4, 0.2, 0.15})
        EXPECT_EQ(found(moved(drawn(4711), 3, scale, 40, -30)), 4711) << scale;
}

TEST(BlockCode, TurnedAndMirrored) {
    for (int degrees = -180; degrees < 180; degrees += 7)
        EXPECT_EQ(found(moved(drawn(1234), degrees, 0.7)), 1234) << degrees;
    cv::Mat mirrored;
    cv::flip(moved(drawn(1234), 5, 0.8), mirrored, 1);
    EXPECT_EQ(found(mirrored), 1234);
}

TEST(BlockCode, FromTheSide) {
    const std::vector<cv::Point2f> corners{{0, 0}, {640, 0}, {640, 480}, {0, 480}};
    const std::vector<cv::Point2f> seen{{60, 20}, {600, 70}, {560, 400}, {90, 460}};
    cv::Mat picture;
    cv::warpPerspective(drawn(999), picture, cv::getPerspectiveTransform(corners, seen), {640, 480},
                        cv::INTER_LINEAR, cv::BORDER_CONSTANT, 110);
    EXPECT_EQ(found(picture), 999);
}

TEST(BlockCode, OutOfFocusAndNoisy) {
    for (const double sigma : {2.0, 6.0, 10.0}) {
        cv::Mat blurred;
        cv::GaussianBlur(drawn(31000), blurred, {}, sigma);
        EXPECT_EQ(found(blurred), 31000) << sigma;
        EXPECT_EQ(found(noisy(blurred, 12, 5)), 31000) << sigma;
    }
    EXPECT_EQ(found(noisy(moved(drawn(31000), 8, 0.4), 20, 6)), 31000);
}

TEST(BlockCode, DarkBrightAndUnevenlyLit) {
    for (const double gain : {0.2, 0.5, 1.0}) {
        for (const double offset : {0.0, 20.0, 50.0}) {
            cv::Mat picture;
            drawn(777).convertTo(picture, CV_8U, gain, offset);
            EXPECT_EQ(found(noisy(picture, 3, 7)), 777) << gain << " " << offset;
        }
    }
    // Light from one side, and a lamp beside the screen.
    cv::Mat picture = moved(drawn(777), 4, 0.6);
    for (int x = 0; x < picture.cols; ++x)
        picture.col(x) *= 0.35 + 0.6 * x / picture.cols;
    cv::circle(picture, {600, 60}, 40, 255, cv::FILLED);
    EXPECT_EQ(found(picture), 777);
}

TEST(BlockCode, AgainstAWallOfOtherThings) {
    cv::Mat picture = moved(drawn(5), -6, 0.45, 80, 50);
    cv::RNG random(9);
    for (int i = 0; i < 40; ++i) {
        const cv::Point corner(random.uniform(0, 600), random.uniform(0, 90));
        cv::rectangle(picture, corner, corner + cv::Point(30, 25), random.uniform(0, 255),
                      cv::FILLED);
    }
    EXPECT_EQ(found(picture), 5);
}

TEST(BlockCode, IsNotFoundWhereThereIsNone) {
    EXPECT_EQ(found(cv::Mat(480, 640, CV_8U, cv::Scalar(90))), std::nullopt);
    EXPECT_EQ(found(cv::Mat(1, 1, CV_8U, cv::Scalar(90))), std::nullopt);
    cv::Mat noise(480, 640, CV_8U);
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        cv::RNG(seed).fill(noise, cv::RNG::UNIFORM, 0, 256);
        EXPECT_EQ(found(noise), std::nullopt);
        cv::Mat coarse;
        cv::resize(noise(cv::Rect(0, 0, 32, 24)), coarse, noise.size(), 0, 0, cv::INTER_NEAREST);
        EXPECT_EQ(found(coarse), std::nullopt);
    }
}

TEST(BlockCode, TwoAtOnceAreNone) {
    // What a camera sees while the screen goes from one to the next.
    int wrong = 0;
    for (std::uint16_t number = 100; number < 200; ++number) {
        cv::Mat both;
        cv::addWeighted(drawn(number), 0.5, drawn(static_cast<std::uint16_t>(number + 1)), 0.5, 0,
                        both);
        cv::Mat half = drawn(number);
        drawn(static_cast<std::uint16_t>(number + 1))(cv::Rect(0, 0, 640, 240))
            .copyTo(half(cv::Rect(0, 0, 640, 240)));
        for (const cv::Mat& picture : {both, half}) {
            const auto seen = found(picture);
            if (seen && *seen != number && *seen != number + 1) ++wrong;
        }
    }
    EXPECT_EQ(wrong, 0);
}

/// What a terminal would show, a character a column.
TEST(BlockCode, ATerminalShowsTheSameCells) {
    const block_code::Cells cells = block_code::cells_of(0x5a17);
    const std::string text = block_code::for_terminal(cells, 2, 3);
    std::vector<std::string> lines(1);
    char ground = '.';
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n') {
            lines.emplace_back();
        } else if (text[i] == ' ') {
            lines.back() += ground;
        } else if (text[i] == '\033') {
            const std::size_t end = text.find_first_of("mK", i);
            const std::string code = text.substr(i, end - i + 1);
            if (code == "\033[48;5;231m") ground = 'w';
            if (code == "\033[48;5;16m") ground = 'b';
            if (code == "\033[0m") ground = '.';
            i = end;
        }
    }
    ASSERT_EQ(lines.size(), 21U);
    for (std::size_t y = 0; y < 20; ++y) {
        ASSERT_EQ(lines[y].size(), 3U + 40U);
        for (std::size_t x = 0; x < 40; ++x)
            EXPECT_EQ(lines[y][3 + x] == 'w', cells[y / 2][x / 4]);
    }
}

}  // namespace
}  // namespace scrim
