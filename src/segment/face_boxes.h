#pragma once

#include <span>
#include <vector>

#include "frame/face.h"

namespace scrim {

/// One of the many boxes around the same face, in shares of the picture that the network got.
struct FaceCandidate {
    Face face;
    double score = 0;  // 0..1
};

/// What BlazeFace says on one grid over its input: for each cell, row by row, `anchors` candidates.
struct FaceGrid {
    int rows = 0, columns = 0, anchors = 0;
    int input_side = 0;  // of the network's square input, whose pixels the coordinates are in
    std::span<const float> scores;      // a logit of each candidate
    std::span<const float> regressors;  // 16 numbers of each candidate
};

/// How many numbers describe a candidate: centre, width, height, and six points, of which the first
/// two are the right and the left eye. All are relative to the middle of the cell.
constexpr int face_regressors = 16;

/// The candidates with a score of at least `threshold`. What is no number is no face.
///
/// BlazeFace: Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
/// 2019.
std::vector<FaceCandidate> read_candidates(const FaceGrid& grid, double threshold);

/// One face for all candidates that overlap with the best of them, the best first. It is their mean
/// weighted by score, not the best itself: that trembles less from frame to frame (blending, as the
/// paper calls it, instead of suppression).
std::vector<Face> blended(std::vector<FaceCandidate> candidates);

}  // namespace scrim
