#include "segment/bodypix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>

#include <opencv2/core.hpp>

#include "segment/catalogue.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/xnnpack_network.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr std::array<std::string_view, 3> weights{"float", "quant2", "quant1"};  // best first

/// One of a network's outputs, and how many numbers it has for each point of the grid.
struct Output {
    std::string_view name;
    std::size_t channels;
};
constexpr Output person_output{"float_segments", 1};
constexpr Output parts_output{"float_part_heatmaps", body_parts.size()};
constexpr Output keypoints_output{"float_heatmaps", keypoints.size()};

std::vector<Output> outputs_for(const PersonNeeds& needs) {
    std::vector<Output> outputs;
    if (needs.mask) outputs.push_back(person_output);
    if (!needs.parts.empty()) outputs.push_back(parts_output);
    if (needs.keypoints.any()) outputs.push_back(keypoints_output);
    return outputs;
}

/// "050"
std::string percent(double multiplier) {
    return fmt::format("{:03}", std::lround(100 * multiplier));
}

std::string name_of(BodyPixKind kind, const Config& config) {
    if (kind == BodyPixKind::resnet50) return "BodyPix ResNet50";
    return fmt::format("BodyPix MobileNet {:.2f}", config.multiplier);
}

std::filesystem::path find(BodyPixKind kind, const Config& config) {
    std::string names;
    for (const std::string& name : bodypix_files(kind, config)) {
        if (auto path = find_model_file(name)) return *path;
        names += (names.empty() ? "" : ", ") + name;
    }
    throw Error(
        "the files of the network {}, stride {}, are missing: none of {} is in any of {}; {}",
        name_of(kind, config), config.stride, names, shown_model_folders(),
        how_to_get(bodypix_files(kind, config).front()));
}

Network load(const std::filesystem::path& path, int width, int height,
             const std::vector<Output>& outputs) {
    std::vector<std::string> names;
    names.reserve(outputs.size());
    for (const Output& output : outputs)
        names.emplace_back(output.name);
    const auto read = [&](const std::string& name) {
        return read_model_file_at(path.parent_path() / name);
    };
    const std::vector<std::byte> model = read_model_file_at(path);
    try {
        Graph graph = import_tfjs(model, read, {height, width, names, true});
        simplify(graph);
        return Network(std::move(graph));
    } catch (const Error& e) {
        throw Error("cannot load the network {}: {}", path.string(), e.what());
    }
}

/// One channel of a grid that has several for each point.
std::vector<float> channel_of(std::span<const float> grid, std::size_t channels,
                              std::size_t number) {
    std::vector<float> one(grid.size() / channels);
    for (std::size_t i = 0; i < one.size(); ++i)
        one[i] = grid[i * channels + number];
    return one;
}

class BodyPixSegmenter final : public Segmenter {
  public:
    BodyPixSegmenter(BodyPixKind kind, const Config& config, const std::filesystem::path& path,
                     int width, int height, PersonNeeds needs)
        : needs_(std::move(needs)),
          outputs_(outputs_for(needs_)),
          stride_(config.stride),
          rows_((height - 1) / stride_ + 1),
          columns_((width - 1) / stride_ + 1),
          network_(load(path, width, height, outputs_)),
          picture_(width, height, bodypix_input_range(kind)),
          name_(
              fmt::format("{}, stride {} ({}x{})", name_of(kind, config), stride_, height, width)) {
        for (std::size_t i = 0; i < outputs_.size(); ++i) {
            const Shape expected{1, rows_, columns_, static_cast<int>(outputs_[i].channels)};
            if (network_.output_shape(i) == expected) continue;
            throw Error("{}: {} gives {} instead of {}", path.string(), outputs_[i].name,
                        to_string(network_.output_shape(i)), to_string(expected));
        }
    }

    const std::string& name() const override { return name_; }
    bool hard() const override { return true; }

    std::optional<PictureSize> input_size() const override { return picture_.size(); }

    Score segment(const Frame& frame) override {
        picture_.fill(frame, network_.input());
        network_.run();
        Score score;
        score.sequence = frame.sequence;
        for (std::size_t i = 0; i < outputs_.size(); ++i)
            add(score, outputs_[i], network_.output(i));
        return score;
    }

    void run_again() override { network_.run(); }

  private:
    void add(Score& score, const Output& output, std::span<const float> grid) const {
        if (output.name == person_output.name) {
            score.plane = scaled(grid);
        } else if (output.name == parts_output.name) {
            for (const PartSet& set : needs_.parts)
                score.parts.push_back(scaled(lead_of_parts(grid, set)));
        } else {
            for (std::size_t i = 0; i < keypoints.size(); ++i) {
                if (!needs_.keypoints[i]) continue;
                score.heatmaps.at(i) = scaled(channel_of(grid, keypoints.size(), i));
            }
        }
    }

    Plane scaled(std::span<const float> grid) const {
        return score_of_grid(grid, rows_, columns_, stride_);
    }

    PersonNeeds needs_;
    std::vector<Output> outputs_;
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

/// The part of the grid around the points whose score is not 0, out to the next points; nothing
/// else needs to be computed.
cv::Rect area_above_nothing(const std::vector<float>& points, int rows, int columns) {
    constexpr float nothing = -6.3F;  // 255 / (1 + exp(6.3)) is rounded to 0
    int left = columns;
    int right = -1;
    int top = rows;
    int bottom = -1;
    for (int y = 0; y < rows; ++y) {
        const float* const row = points.data() + std::ptrdiff_t{y} * columns;
        for (int x = 0; x < columns; ++x) {
            if (row[x] <= nothing) continue;
            left = std::min(left, x);
            right = std::max(right, x);
            top = std::min(top, y);
            bottom = y;
        }
    }
    if (bottom < 0) return {};
    const cv::Rect wider(left - 1, top - 1, right - left + 3, bottom - top + 3);
    return wider & cv::Rect(0, 0, columns, rows);
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

InputRange bodypix_input_range(BodyPixKind kind) {
    if (kind == BodyPixKind::resnet50) return {1, {-123.15, -115.90, -103.06}};
    return {1 / 127.5, {-1, -1, -1}};
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
    const cv::Rect area = area_above_nothing(points, rows, columns);
    Plane score = Plane::filled(width, height, 0);
    if (area.empty()) return score;

    const cv::Rect pixels(area.x * stride, area.y * stride, (area.width - 1) * stride + 1,
                          (area.height - 1) * stride + 1);
    cv::Mat odds(pixels.size(), CV_32F);
    std::vector<float> between(static_cast<std::size_t>(area.width));
    for (int y = 0; y < pixels.height; ++y) {
        const float* above = points.data() + std::ptrdiff_t{area.y + y / stride} * columns + area.x;
        const float* below = y % stride == 0 ? above : above + columns;
        const float share = static_cast<float>(y % stride) / static_cast<float>(stride);
        for (std::size_t c = 0; c < between.size(); ++c)
            between[c] = above[c] + (below[c] - above[c]) * share;
        enlarge_row(between.data(), area.width, stride, odds.ptr<float>(y));
    }
    // The sigmoid, 1 / (1 + exp(-x)).
    odds.convertTo(odds, CV_32F, -1);
    cv::exp(odds, odds);
    odds.convertTo(odds, CV_32F, 1, 1);
    cv::divide(255.0, odds, odds);
    cv::Mat target(height, width, CV_8U, score.writable(),
                   static_cast<std::size_t>(score.stride()));
    odds.convertTo(target(pixels), CV_8U);
    return score;
}

std::vector<float> lead_of_parts(std::span<const float> grid, const PartSet& parts) {
    std::vector<float> lead(grid.size() / parts.size());
    for (std::size_t i = 0; i < lead.size(); ++i) {
        const std::span<const float> point = grid.subspan(i * parts.size(), parts.size());
        float these = -std::numeric_limits<float>::infinity();
        float others = these;
        for (std::size_t part = 0; part < parts.size(); ++part) {
            float& best = parts[part] ? these : others;
            best = std::max(best, point[part]);  // not a number: as if it were not there
        }
        lead[i] = sane(these) - sane(others);
    }
    return lead;
}

std::unique_ptr<Segmenter> open_bodypix(BodyPixKind kind, const Config& config, int frame_width,
                                        int frame_height, const PersonNeeds& needs) {
    if (const auto problem = bodypix_stride_problem(kind, config)) {
        throw Error("stride: {}", *problem);
    }
    const auto side = [&](int frame_side) {
        return bodypix_input_side(frame_side, config.internal_resolution, config.stride);
    };
    return std::make_unique<BodyPixSegmenter>(kind, config, find(kind, config), side(frame_width),
                                              side(frame_height), needs);
}

}  // namespace scrim
