#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "frame/person.h"
#include "segment/picture_input.h"
#include "segment/segmenter.h"

namespace scrim {

/// Google's BodyPix networks, as TensorFlow.js graph models: `model: mobilenet` (with a multiplier
/// and stride 8 or 16) and `model: resnet50` (stride 16 or 32). The score is a yes/no question.
/// They also know 24 parts of a body and 17 keypoints; what is not asked for is not computed.
///
/// Geometry: the whole frame is stretched to the network's input, whose sides are multiples of the
/// stride plus one. Each layer's padding is even on such a side, so the result's points lie on the
/// input's pixels 0, stride, 2 * stride ... and the last one: on the outermost pixels, not in the
/// middle of areas. They are interpolated as such. Taken for the pixels of a small picture, as a
/// plain resize does, they would be drawn towards the middle by up to half a stride.
///
/// Google's files say of some convolutions that they are dilated in height alone; what was meant is
/// done (see TfjsRequest::mend_dilations): at stride 8 mean IoU 0.853 instead of 0.759.

/// What the network is, as the configuration names it.
enum class BodyPixKind : std::uint8_t { mobilenet, resnet50 };

/// What is wrong with the configuration's stride for that kind of network, if anything.
std::optional<std::string> bodypix_stride_problem(BodyPixKind kind, const Config& config);

/// "bodypix_float050/model-stride16.json" and the same with quantised weights, best first, as they
/// are looked for with find_model_file().
std::vector<std::string> bodypix_files(BodyPixKind kind, const Config& config);

/// The first of those that is installed, else the best.
std::string bodypix_file(BodyPixKind kind, const Config& config);

/// What such a network wants colours to be.
InputRange bodypix_input_range(BodyPixKind kind);

/// One side of the network's input for a side of the frame: its share, rounded down to a multiple
/// of the stride, plus one.
int bodypix_input_side(int frame_side, double internal_resolution, int stride);

/// The score for a grid of results (before the sigmoid) whose points lie `stride` pixels apart,
/// the outermost ones on the outermost pixels: interpolated in between, then 0..255.
Plane score_of_grid(std::span<const float> grid, int rows, int columns, int stride);

/// For each point of a grid with a result for each part of a body: by how much the likeliest of
/// `parts` is ahead of the likeliest of the others. Above 0 the point belongs to one of them, as in
/// BodyPix' own decoder, which takes the likeliest part of all; unlike that, it can be
/// interpolated.
std::vector<float> lead_of_parts(std::span<const float> grid, const PartSet& parts);

/// Loads the network; throws Error: the stride is none of the network's, files are missing (which
/// and where they were looked for), broken, not supported, or the input is too large.
std::unique_ptr<Segmenter> open_bodypix(BodyPixKind kind, const Config& config, int frame_width,
                                        int frame_height, const PersonNeeds& needs);

}  // namespace scrim
