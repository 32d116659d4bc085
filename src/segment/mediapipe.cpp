#include "segment/mediapipe.h"

#include <string>
#include <utility>
#include <vector>

#include "segment/model_files.h"
#include "segment/network/mask_head.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"
#include "util/error.h"

namespace scrim {
namespace {

/// A network in two parts: XNNPACK's, and what we do faster.
struct SelfieNetwork {
    Network features;
    MaskHead head;
};

SelfieNetwork load(const std::string& file) {
    const std::vector<std::byte> content = read_model_file(file);
    try {
        Graph graph = import_tflite(content);
        simplify(graph);
        MaskHead head(graph);
        return {Network(std::move(graph)), std::move(head)};
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", file, e.what());
    }
}

class SelfieSegmenter final : public Segmenter {
  public:
    SelfieSegmenter(std::string name, const std::string& file)
        : name_(std::move(name)),
          network_(load(file)),
          picture_(2 * network_.head.width(), 2 * network_.head.height(), {1.0 / 255.0, {}}) {
        const Shape& input = network_.features.input_shape();
        if (input != Shape{1, 2 * network_.head.height(), 2 * network_.head.width(), 3}) {
            throw Error("{} is a network from {} to {}x{}, not from a picture to its mask", file,
                        to_string(input), 2 * network_.head.height(), 2 * network_.head.width());
        }
    }

    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }

    std::optional<PictureSize> input_size() const override { return picture_.size(); }

    Score segment(const Frame& frame) override {
        picture_.fill(frame, network_.features.input());
        return {mask(), frame.sequence};
    }

    void run_again() override { mask(); }

  private:
    Plane mask() {
        network_.features.run();
        return network_.head.run(network_.features.output());
    }

    std::string name_;
    SelfieNetwork network_;
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
