#include "segment/face_boxes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// One grid with its numbers: nobody anywhere.
struct Grid {
    Grid(int grid_rows, int grid_columns, int grid_anchors)
        : rows(grid_rows),
          columns(grid_columns),
          anchors(grid_anchors),
          scores(static_cast<std::size_t>(rows * columns * anchors), -9.0F),
          regressors(scores.size() * face_regressors) {}

    float* numbers(int row, int column, int anchor) {
        return regressors.data() + index(row, column, anchor) * face_regressors;
    }
    float& score(int row, int column, int anchor) { return scores[index(row, column, anchor)]; }
    std::size_t index(int row, int column, int anchor) const {
        const int number = (row * columns + column) * anchors + anchor;
        return static_cast<std::size_t>(number);
    }
    std::vector<FaceCandidate> found(double threshold = 0.5) const {
        return read_candidates({rows, columns, anchors, 128, scores, regressors}, threshold);
    }

    int rows, columns, anchors;
    std::vector<float> scores, regressors;
};

TEST(FaceCandidates, AreRelativeToTheirCells) {
    Grid grid(16, 16, 2);
    EXPECT_TRUE(grid.found().empty());
    grid.score(3, 5, 1) = 2;
    const std::array<float, 8> numbers{6.4F, -12.8F, 32, 64, -8, -16, 8, -12};
    std::copy(numbers.begin(), numbers.end(), grid.numbers(3, 5, 1));
    const auto found = grid.found();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NEAR(found[0].score, 1 / (1 + std::exp(-2.0)), 1e-9);
    const double x = 5.5 / 16;
    const double y = 3.5 / 16;
    const Face& face = found[0].face;
    EXPECT_NEAR(face.left, x + 0.05 - 0.125, 1e-6);
    EXPECT_NEAR(face.right, x + 0.05 + 0.125, 1e-6);
    EXPECT_NEAR(face.top, y - 0.1 - 0.25, 1e-6);
    EXPECT_NEAR(face.bottom, y - 0.1 + 0.25, 1e-6);
    ASSERT_TRUE(face.eyes);
    EXPECT_NEAR((*face.eyes)[0].x, x - 8.0 / 128, 1e-9);
    EXPECT_NEAR((*face.eyes)[0].y, y - 16.0 / 128, 1e-9);
    EXPECT_NEAR((*face.eyes)[1].x, x + 8.0 / 128, 1e-9);
    EXPECT_NEAR((*face.eyes)[1].y, y - 12.0 / 128, 1e-9);
}

TEST(FaceCandidates, OfEveryCellAndAnchorAreRead) {
    // 16x16 cells with 2 and 8x8 with 6 anchors: the 896 of the short-range network.
    std::size_t count = 0;
    for (const auto& [side, anchors] : {std::pair{16, 2}, {8, 6}}) {
        Grid grid(side, side, anchors);
        for (std::size_t i = 0; i < grid.scores.size(); ++i) {
            grid.scores[i] = 1;
            grid.regressors[i * face_regressors + 2] = grid.regressors[i * face_regressors + 3] = 8;
        }
        const auto found = grid.found();
        count += found.size();
        for (int row = 0; row < side; ++row) {
            for (int column = 0; column < side; ++column) {
                const Face& face = found.at(grid.index(row, column, anchors - 1)).face;
                EXPECT_NEAR((face.left + face.right) / 2, (column + 0.5) / side, 1e-9);
                EXPECT_NEAR((face.top + face.bottom) / 2, (row + 0.5) / side, 1e-9);
            }
        }
    }
    EXPECT_EQ(count, 896U);
}

TEST(FaceCandidates, AreNoneWhereSomethingIsNoNumber) {
    for (const float bad : {nan, infinity, -infinity}) {
        Grid grid(2, 2, 1);
        grid.score(0, 0, 0) = nan;
        grid.score(1, 1, 0) = 5;
        for (int i = 0; i < face_regressors; ++i) {
            float* const numbers = grid.numbers(1, 1, 0);
            std::fill_n(numbers, face_regressors, 10.0F);
            std::fill_n(grid.numbers(0, 0, 0), face_regressors, 10.0F);
            EXPECT_EQ(grid.found().size(), 1U);
            numbers[i] = bad;
            EXPECT_TRUE(grid.found().empty()) << i;
        }
    }
    Grid grid(1, 1, 1);
    grid.score(0, 0, 0) = infinity;
    for (const auto& [width, height] :
         {std::pair{0.0F, 9.0F}, {9.0F, -1.0F}, {1e-38F, 9.0F}, {9.0F, 1e-30F}}) {
        grid.numbers(0, 0, 0)[2] = width;
        grid.numbers(0, 0, 0)[3] = height;
        EXPECT_TRUE(grid.found().empty()) << width << "x" << height;
    }
    grid.numbers(0, 0, 0)[2] = grid.numbers(0, 0, 0)[3] = 9;
    ASSERT_EQ(grid.found().size(), 1U);
    EXPECT_DOUBLE_EQ(grid.found(1e-9)[0].score, 1);
}

FaceCandidate candidate(double left, double top, double size, double score) {
    FaceCandidate made;
    made.face = {left, top, left + size, top + size,
                 std::array<FramePoint, 2>{
                     {{left + size / 4, top + size / 3}, {left + size * 3 / 4, top + size / 3}}}};
    made.score = score;
    return made;
}

TEST(Blended, NobodyIsNobody) {
    EXPECT_TRUE(blended({}).empty());
}

TEST(Blended, IsTheMeanOfWhatOverlapsWithTheBest) {
    const std::vector<Face> faces =
        blended({candidate(0.12, 0.1, 0.2, 0.6), candidate(0.1, 0.1, 0.2, 0.9),
                 candidate(0.6, 0.5, 0.1, 0.7)});
    ASSERT_EQ(faces.size(), 2U);
    const double left = (0.6 * 0.12 + 0.9 * 0.1) / 1.5;
    EXPECT_NEAR(faces[0].left, left, 1e-12);
    EXPECT_NEAR(faces[0].right, left + 0.2, 1e-12);
    EXPECT_NEAR(faces[0].top, 0.1, 1e-12);
    EXPECT_NEAR((*faces[0].eyes)[0].x, left + 0.05, 1e-12);
    EXPECT_NEAR(faces[1].left, 0.6, 1e-12);
}

TEST(Blended, FacesSideBySideAreTwo) {
    // They overlap, by less than a third of what both cover.
    const auto faces = blended({candidate(0.1, 0.1, 0.2, 0.8), candidate(0.22, 0.1, 0.2, 0.9)});
    EXPECT_EQ(faces.size(), 2U);
}

/// The definition, in words as plain as possible.
std::vector<Face> plainly_blended(std::vector<FaceCandidate> left) {
    std::vector<Face> faces;
    while (!left.empty()) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < left.size(); ++i) {
            if (left[i].score > left[best].score) best = i;
        }
        const Face top = left[best].face;
        std::vector<FaceCandidate> rest;
        Face sum;
        double weights = 0;
        for (const auto& [face, score] : left) {
            const double w =
                std::max(0.0, std::min(face.right, top.right) - std::max(face.left, top.left));
            const double h =
                std::max(0.0, std::min(face.bottom, top.bottom) - std::max(face.top, top.top));
            const double both = (face.right - face.left) * (face.bottom - face.top) +
                                (top.right - top.left) * (top.bottom - top.top) - w * h;
            if (w * h / both <= 0.3) {
                rest.push_back({face, score});
                continue;
            }
            weights += score;
            sum.left += score * face.left;
            sum.top += score * face.top;
            sum.right += score * face.right;
            sum.bottom += score * face.bottom;
        }
        faces.push_back(
            {sum.left / weights, sum.top / weights, sum.right / weights, sum.bottom / weights, {}});
        left = rest;
    }
    return faces;
}

TEST(Blended, AgreesWithThePlainDefinition) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> share(0, 1);
    for (int round = 0; round < 200; ++round) {
        std::vector<FaceCandidate> candidates(static_cast<std::size_t>(round % 40));
        for (FaceCandidate& one : candidates) {
            one = candidate(share(random), share(random), 0.05 + 0.4 * share(random),
                            0.5 + share(random) / 2);
        }
        const auto expected = plainly_blended(candidates);
        const auto faces = blended(candidates);
        ASSERT_EQ(faces.size(), expected.size());
        for (std::size_t i = 0; i < faces.size(); ++i) {
            EXPECT_NEAR(faces[i].left, expected[i].left, 1e-9);
            EXPECT_NEAR(faces[i].top, expected[i].top, 1e-9);
            EXPECT_NEAR(faces[i].right, expected[i].right, 1e-9);
            EXPECT_NEAR(faces[i].bottom, expected[i].bottom, 1e-9);
        }
    }
}

}  // namespace
}  // namespace scrim
