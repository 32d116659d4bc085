#include "segment/mediapipe.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <libyuv.h>
#include <opencv2/core.hpp>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "util/error.h"

namespace scrim {
namespace {

// libyuv counts source pixels in 16 bits.
constexpr int max_side = 32767;

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

const libyuv::YuvConstants* constants_of(ColorTags tags) {
    if (tags.matrix == Matrix::bt709) {
        return tags.range == Range::full ? &libyuv::kYuvF709Constants : &libyuv::kYuvH709Constants;
    }
    return tags.range == Range::full ? &libyuv::kYuvJPEGConstants : &libyuv::kYuvI601Constants;
}

class SelfieSegmenter final : public Segmenter {
  public:
    SelfieSegmenter(std::string name, const std::string& file)
        : name_(std::move(name)),
          network_(load(file)),
          height_(network_.input_shape()[1]),
          width_(network_.input_shape()[2]),
          bgra_(height_, width_, CV_8UC4),
          rgb_(height_, width_, CV_8UC3) {
        const Shape input{1, height_, width_, 3};
        const Shape output{1, height_, width_, 1};
        if (network_.input_shape() != input || network_.output_shape() != output) {
            throw Error("{} is a network from {} to {}, not from a picture to its mask", file,
                        to_string(network_.input_shape()), to_string(network_.output_shape()));
        }
    }

    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }

    Score segment(const Frame& frame) override {
        if (frame.empty()) throw Error("there is no picture to segment");
        if (std::max(frame.width(), frame.height()) > max_side) {
            throw Error("a picture of {}x{} is too large to be segmented", frame.width(),
                        frame.height());
        }
        fill_input(frame);
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

  private:
    /// The frame as R, G, B / 255 at the network's size. All three planes are first scaled to that
    /// size, so that the colour conversion has few pixels and as much chroma as there is.
    void fill_input(const Frame& frame) {
        const Plane y = scaled(frame.y);
        const Plane u = scaled(frame.u);
        const Plane v = scaled(frame.v);
        const int bgra_stride = static_cast<int>(bgra_.step);
        const int rgb_stride = static_cast<int>(rgb_.step);
        libyuv::I444ToARGBMatrix(y.data(), y.stride(), u.data(), u.stride(), v.data(), v.stride(),
                                 bgra_.data, bgra_stride, constants_of(frame.tags), width_,
                                 height_);
        libyuv::ARGBToRAW(bgra_.data, bgra_stride, rgb_.data, rgb_stride, width_, height_);
        cv::Mat input(height_, width_, CV_32FC3, network_.input().data());
        rgb_.convertTo(input, CV_32F, 1.0 / 255.0);
    }

    Plane scaled(const Plane& plane) const {
        Plane result(width_, height_);
        libyuv::ScalePlane(plane.data(), plane.stride(), plane.width(), plane.height(),
                           result.overwritable(), result.stride(), width_, height_,
                           libyuv::kFilterBox);
        return result;
    }

    std::string name_;
    Network network_;
    int height_, width_;
    cv::Mat bgra_, rgb_;
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
