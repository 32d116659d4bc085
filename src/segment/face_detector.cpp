#include "segment/face_detector.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <opencv2/core.hpp>

#include "segment/face_boxes.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"
#include "util/error.h"

namespace scrim {
namespace {

struct FaceNetworkFile {
    std::string name;
    /// For each grid its scores and its regressors, as the last convolutions give them. Behind them
    /// the file only joins all grids to one list.
    std::vector<std::string> outputs;
};

/// Finds faces from a twelfth of the picture's height on, but not those that fill it.
const FaceNetworkFile& full_range() {
    static const FaceNetworkFile file{"face_detection_full_range.tflite",
                                      {"classifier_face_4", "regressor_face_4"}};
    return file;
}

/// Finds faces from a fifth of the picture's height on, in a third of the time.
const FaceNetworkFile& short_range() {
    static const FaceNetworkFile file{
        "face_detection_short_range.tflite",
        {"classificator_8", "regressor_8", "classificator_16", "regressor_16"}};
    return file;
}

Network load(const FaceNetworkFile& file) {
    const std::vector<std::byte> content = read_model_file(file.name);
    Graph graph = import_tflite(content, file.outputs);
    simplify(graph);
    return Network(std::move(graph));
}

/// Where the network sees a frame of that size: in the middle of its input, its shape kept.
cv::Rect letterbox(int width, int height, int side) {
    const double scale = static_cast<double>(side) / std::max(width, height);
    const auto scaled = [&](int length) {
        return std::clamp(static_cast<int>(std::lround(length * scale)), 1, side);
    };
    const int inner_width = scaled(width);
    const int inner_height = scaled(height);
    return {(side - inner_width) / 2, (side - inner_height) / 2, inner_width, inner_height};
}

/// One of MediaPipe's networks of BlazeFace's kind.
class FaceNetwork {
  public:
    explicit FaceNetwork(const FaceNetworkFile& file) try : network_(load(file)) {
        check_shapes();
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", file.name, e.what());
    }

    std::vector<FaceCandidate> candidates(const Frame& frame) {
        show(frame);
        network_.run();
        // What MediaPipe takes, too.
        constexpr double threshold = 0.5;
        std::vector<FaceCandidate> all;
        for (std::size_t i = 0; i < network_.output_count(); i += 2) {
            const auto& [batch, rows, columns, anchors] = network_.output_shape(i);
            for (const FaceCandidate& found : read_candidates(
                     {rows, columns, anchors, side(), network_.output(i), network_.output(i + 1)},
                     threshold)) {
                all.push_back(found);
                to_frame(all.back().face);
            }
        }
        return all;
    }

  private:
    int side() const { return network_.input_shape()[1]; }

    void check_shapes() const {
        if (network_.input_shape() != Shape{1, side(), side(), 3}) {
            throw Error("its input of {} is no square picture", to_string(network_.input_shape()));
        }
        for (std::size_t i = 0; i < network_.output_count(); i += 2) {
            const auto& [batch, rows, columns, anchors] = network_.output_shape(i);
            const Shape& regressors = network_.output_shape(i + 1);
            if (regressors != Shape{1, rows, columns, anchors * face_regressors}) {
                throw Error("scores of {} and regressors of {} don't belong together",
                            to_string(network_.output_shape(i)), to_string(regressors));
            }
        }
    }

    /// Fills the network's input.
    void show(const Frame& frame) {
        const cv::Rect box =
            frame.empty() ? cv::Rect(0, 0, 1, 1) : letterbox(frame.width(), frame.height(), side());
        if (!picture_ || box != box_) {
            constexpr float black = -1;
            constexpr double half = 127.5;
            std::fill(network_.input().begin(), network_.input().end(), black);
            box_ = box;
            picture_.emplace(box.width, box.height, InputRange{1 / half, {black, black, black}});
            inner_.create(box.height, box.width, CV_32FC3);
        }
        picture_->fill(frame, {inner_.ptr<float>(), 3 * inner_.total()});
        const cv::Mat input(side(), side(), CV_32FC3, network_.input().data());
        inner_.copyTo(input(box));
    }

    /// From shares of the network's input to shares of the frame.
    void to_frame(Face& face) const {
        const auto x = [&](double& share) { share = (share * side() - box_.x) / box_.width; };
        const auto y = [&](double& share) { share = (share * side() - box_.y) / box_.height; };
        x(face.left);
        x(face.right);
        y(face.top);
        y(face.bottom);
        for (FramePoint& eye : *face.eyes) {
            x(eye.x);
            y(eye.y);
        }
    }

    Network network_;
    std::optional<PictureInput> picture_;
    cv::Rect box_;   // where the frame is in the input
    cv::Mat inner_;  // what is there
};

class MediapipeFaceDetector final : public FaceDetector {
  public:
    std::vector<Face> detect(const Frame& frame) override {
        std::vector<FaceCandidate> found = full_.candidates(frame);
        if (found.empty()) found = near_candidates(frame);
        return blended(std::move(found));
    }

  private:
    /// Faces that fill the picture. Of smaller ones the full-range network knows better: what the
    /// other one takes for a small face is often none.
    std::vector<FaceCandidate> near_candidates(const Frame& frame) {
        constexpr double near = 0.5;  // of the picture's height
        std::vector<FaceCandidate> found = short_.candidates(frame);
        std::erase_if(found, [](const FaceCandidate& candidate) {
            return candidate.face.bottom - candidate.face.top < near;
        });
        return found;
    }

    FaceNetwork full_{full_range()};
    FaceNetwork short_{short_range()};
};

}  // namespace

std::unique_ptr<FaceDetector> open_face_detector() {
    return std::make_unique<MediapipeFaceDetector>();
}

}  // namespace scrim
