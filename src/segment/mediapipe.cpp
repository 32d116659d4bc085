#include "segment/mediapipe.h"

#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"
#include "util/error.h"

namespace scrim {
namespace {

Network load(const std::string& file) {
    const std::vector<std::byte> content = read_model_file(file);
    try {
        Graph graph = import_tflite(content);
        simplify(graph);
        return Network(std::move(graph));
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", file, e.what());
    }
}

class SelfieSegmenter final : public Segmenter {
  public:
    SelfieSegmenter(std::string name, const std::string& file)
        : name_(std::move(name)),
          network_(load(file)),
          height_(network_.input_shape()[1]),
          width_(network_.input_shape()[2]),
          picture_(width_, height_, {1.0 / 255.0, {}}) {
        const Shape input{1, height_, width_, 3};
        const Shape output{1, height_, width_, 1};
        if (network_.input_shape() != input || network_.output_shape() != output) {
            throw Error("{} is a network from {} to {}, not from a picture to its mask", file,
                        to_string(network_.input_shape()), to_string(network_.output_shape()));
        }
    }

    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }

    std::optional<PictureSize> input_size() const override { return picture_.size(); }

    Score segment(const Frame& frame) override {
        picture_.fill(frame, network_.input());
        network_.run();

        Score score{Plane(width_, height_), frame.sequence};
        cv::Mat plane(height_, width_, CV_8U, score.plane.overwritable(),
                      static_cast<std::size_t>(score.plane.stride()));
        // The wrapper of a read-only array has no const of its own. What is not a number becomes 0,
        // which is nobody.
        auto* output = const_cast<float*>(network_.output().data());
        cv::Mat(height_, width_, CV_32F, output).convertTo(plane, CV_8U, 255.0);
        return score;
    }

    void run_again() override { network_.run(); }

  private:
    std::string name_;
    Network network_;
    int height_, width_;
    PictureInput picture_;
};

}  // namespace

SelfieKind selfie_kind_for(int frame_width, int frame_height) {
    // Measured on pictures of calls: at 4:3 the square network is better by 0.013 IoU, from 3:2 on
    // the landscape one is as good or better, at half the cost.
    constexpr double widest_for_square = 1.4;
    return frame_width > widest_for_square * frame_height ? SelfieKind::landscape
                                                          : SelfieKind::square;
}

std::unique_ptr<Segmenter> open_selfie(SelfieKind kind) {
    if (kind == SelfieKind::landscape) {
        return std::make_unique<SelfieSegmenter>("MediaPipe selfie, landscape (144x256)",
                                                 "selfie_segmentation_landscape.tflite");
    }
    return std::make_unique<SelfieSegmenter>("MediaPipe selfie, square (256x256)",
                                             "selfie_segmentation.tflite");
}

}  // namespace scrim
