#include "segment/bodypix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>
#include <utility>

#include <opencv2/core.hpp>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/xnnpack_network.h"
#include "segment/picture_input.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr std::array<std::string_view, 3> weights{"float", "quant2", "quant1"};  // best first

/// "050"
std::string percent(double multiplier) {
    return fmt::format("{:03}", std::lround(100 * multiplier));
}

std::string name_of(BodyPixKind kind, const Config& config) {
    if (kind == BodyPixKind::resnet50) return "BodyPix ResNet50";
    return fmt::format("BodyPix MobileNet {:.2f}", config.multiplier);
}

InputRange range_of(BodyPixKind kind) {
    if (kind == BodyPixKind::resnet50) return {1, {-123.15, -115.90, -103.06}};
    return {1 / 127.5, {-1, -1, -1}};
}

std::filesystem::path find(BodyPixKind kind, const Config& config) {
    std::string names;
    for (const std::string& name : bodypix_files(kind, config)) {
        if (auto path = find_model_file(name)) return *path;
        names += (names.empty() ? "" : ", ") + name;
    }
    throw Error(
        "the files of the network {}, stride {}, are missing: none of {} is in any of {}; "
        "fetch them from {}",
        name_of(kind, config), config.stride, names, shown_model_folders(),
        bodypix_origin(kind, config));
}

Network load(const std::filesystem::path& path, int width, int height) {
    const auto read = [&](const std::string& name) {
        return read_model_file_at(path.parent_path() / name);
    };
    const std::vector<std::byte> model = read_model_file_at(path);
    try {
        Graph graph = import_tfjs(model, read, {height, width, {"float_segments"}, true});
        simplify(graph);
        return Network(std::move(graph));
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", path.string(), e.what());
    }
}

class BodyPixSegmenter final : public Segmenter {
  public:
    BodyPixSegmenter(BodyPixKind kind, const Config& config, const std::filesystem::path& path,
                     int width, int height)
        : stride_(config.stride),
          rows_((height - 1) / stride_ + 1),
          columns_((width - 1) / stride_ + 1),
          network_(load(path, width, height)),
          picture_(width, height, range_of(kind)),
          name_(
              fmt::format("{}, stride {} ({}x{})", name_of(kind, config), stride_, height, width)) {
        const Shape expected{1, rows_, columns_, 1};
        if (network_.output_shape() != expected) {
            throw Error("{} gives a score of {} instead of {}", path.string(),
                        to_string(network_.output_shape()), to_string(expected));
        }
    }

    const std::string& name() const override { return name_; }
    bool hard() const override { return true; }

    Score segment(const Frame& frame) override {
        picture_.fill(frame, network_.input());
        network_.run();
        return {score_of_grid(network_.output(), rows_, columns_, stride_), frame.sequence};
    }

  private:
    int stride_, rows_, columns_;
    Network network_;
    PictureInput picture_;
    std::string name_;
};

/// What is not a number, or no number to calculate with, is nobody.
float sane(float logit) {
    constexpr float limit = 1000;  // the sigmoid knows only 0 and 1 long before
    return logit > -limit ? std::min(logit, limit) : -limit;
}

/// A row of the enlarged grid, from the grid's row for it.
void enlarge_row(const float* grid, int columns, int stride, float* row) {
    const float step = 1.0F / static_cast<float>(stride);
    for (int c = 0; c + 1 < columns; ++c) {
        const float first = grid[c];
        const float slope = (grid[c + 1] - first) * step;
        for (int i = 0; i < stride; ++i)
            row[i] = first + slope * static_cast<float>(i);
        row += stride;
    }
    *row = grid[columns - 1];
}

}  // namespace

std::optional<std::string> bodypix_stride_problem(BodyPixKind kind, const Config& config) {
    const bool mobilenet = kind == BodyPixKind::mobilenet;
    const int other = mobilenet ? 8 : 32;
    if (config.stride == 16 || config.stride == other) return std::nullopt;
    return fmt::format("{} has a stride of {}, not {}", mobilenet ? "mobilenet" : "resnet50",
                       mobilenet ? "8 or 16" : "16 or 32", config.stride);
}

std::vector<std::string> bodypix_files(BodyPixKind kind, const Config& config) {
    std::vector<std::string> files;
    for (const std::string_view weight : weights) {
        const std::string folder = kind == BodyPixKind::mobilenet
                                       ? fmt::format("{}{}{}", weight, weight == "float" ? "" : "_",
                                                     percent(config.multiplier))
                                       : fmt::format("resnet50_{}", weight);
        files.push_back(fmt::format("bodypix_{}/model-stride{}.json", folder, config.stride));
    }
    return files;
}

std::string bodypix_file(BodyPixKind kind, const Config& config) {
    const std::vector<std::string> files = bodypix_files(kind, config);
    const auto installed = std::find_if(files.begin(), files.end(), [](const std::string& file) {
        return find_model_file(file).has_value();
    });
    return installed == files.end() ? files.front() : *installed;
}

std::string bodypix_origin(BodyPixKind kind, const Config& config) {
    const std::string folder = kind == BodyPixKind::mobilenet
                                   ? "mobilenet/float/" + percent(config.multiplier)
                                   : "resnet50/float";
    return fmt::format(
        "https://storage.googleapis.com/tfjs-models/savedmodel/bodypix/{}/ (model-stride{}.json "
        "and the weight files that it names)",
        folder, config.stride);
}

int bodypix_input_side(int frame_side, double internal_resolution, int stride) {
    // So that 0.7 * 160 = 111.99999999999999 is not taken for 111.
    constexpr double surplus = 1e-9;
    const auto side = static_cast<int>(std::floor(frame_side * internal_resolution + surplus));
    return side / stride * stride + 1;
}

Plane score_of_grid(std::span<const float> grid, int rows, int columns, int stride) {
    const int height = (rows - 1) * stride + 1;
    const int width = (columns - 1) * stride + 1;
    std::vector<float> points(grid.size());
    std::transform(grid.begin(), grid.end(), points.begin(), sane);
    cv::Mat odds(height, width, CV_32F);
    std::vector<float> between(static_cast<std::size_t>(columns));
    for (int y = 0; y < height; ++y) {
        const float* above = points.data() + std::ptrdiff_t{y / stride} * columns;
        const float* below = y % stride == 0 ? above : above + columns;
        const float share = static_cast<float>(y % stride) / static_cast<float>(stride);
        for (std::size_t c = 0; c < between.size(); ++c)
            between[c] = above[c] + (below[c] - above[c]) * share;
        enlarge_row(between.data(), columns, stride, odds.ptr<float>(y));
    }
    // The sigmoid, 1 / (1 + exp(-x)).
    odds.convertTo(odds, CV_32F, -1);
    cv::exp(odds, odds);
    odds.convertTo(odds, CV_32F, 1, 1);
    cv::divide(255.0, odds, odds);
    Plane score(width, height);
    cv::Mat target(height, width, CV_8U, score.overwritable(),
                   static_cast<std::size_t>(score.stride()));
    odds.convertTo(target, CV_8U);
    return score;
}

std::unique_ptr<Segmenter> open_bodypix(BodyPixKind kind, const Config& config, int frame_width,
                                        int frame_height) {
    if (const auto problem = bodypix_stride_problem(kind, config)) {
        throw Error("stride: {}", *problem);
    }
    const auto side = [&](int frame_side) {
        return bodypix_input_side(frame_side, config.internal_resolution, config.stride);
    };
    return std::make_unique<BodyPixSegmenter>(kind, config, find(kind, config), side(frame_width),
                                              side(frame_height));
}

}  // namespace scrim
