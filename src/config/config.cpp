#include "config/config.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "config/layers.h"
#include "config/scalar.h"

namespace scrim {
namespace {

constexpr int kLargestSide = 16384;
constexpr int kLargestKernel = 4096;
constexpr int kLargestMaskEvery = 100;
constexpr int kMostPercent = 1600;

/// A device's name; a whole number N is /dev/videoN, as OpenCV's users write it.
Schema::Reader device_reader(std::string& target) {
    return [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        if (value.kind != Value::Kind::scalar) {
            diagnostics.error(value.where, key, "must be the name of a device, is " + shown(value));
            return;
        }
        const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
        const bool index = !value.quoted && !value.scalar.empty() && value.scalar.size() <= 3 &&
                           std::all_of(value.scalar.begin(), value.scalar.end(), digit);
        target = index ? "/dev/video" + value.scalar : value.scalar;
    };
}

/// A name: the segment room knows which networks there are.
Schema::Reader model_reader(Config& config) {
    return [&config](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        if (value.kind != Value::Kind::scalar) {
            diagnostics.error(value.where, key,
                              "must be the name of a network, is " + shown(value));
            return;
        }
        config.model = value.scalar;
    };
}

Schema::Reader mjpeg_reader(MjpegChoice& target) {
    return [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        if (value.kind == Value::Kind::scalar && value.scalar == "auto") {
            target = MjpegChoice::automatic;
        } else if (const auto yes = boolean_of(value)) {
            target = *yes ? MjpegChoice::yes : MjpegChoice::no;
        } else {
            diagnostics.error(value.where, key, "must be true, false or auto, is " + shown(value));
        }
    };
}

Schema::Reader mask_every_reader(int& target) {
    return [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        const auto number = number_of(value);
        if (value.kind == Value::Kind::scalar && value.scalar == "auto") {
            target = 0;
        } else if (number && *number >= 1 && *number <= kLargestMaskEvery &&
                   *number == std::floor(*number)) {
            target = static_cast<int>(*number);
        } else {
            diagnostics.error(value.where, key,
                              fmt::format("must be auto or a whole number of 1 to {}, is {}",
                                          kLargestMaskEvery, shown(value)));
        }
    };
}

/// A share of one core, "40%".
Schema::Reader cpu_budget_reader(std::optional<double>& target) {
    return [&target](const Value& value, const std::string& key, Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        Value number = value;
        const bool percent = value.kind == Value::Kind::scalar && value.scalar.ends_with('%');
        if (percent) number.scalar.pop_back();
        const auto read = percent ? number_of(number) : std::nullopt;
        if (read && *read >= 1 && *read <= kMostPercent) {
            target = *read / 100;
            return;
        }
        diagnostics.error(value.where, key,
                          fmt::format("must be a share of one core of 1% to {}%, is {}",
                                      kMostPercent, shown(value)));
    };
}

/// A number that can only be one of a few.
template <typename T, std::size_t N>
Schema::Reader one_of(T& target, std::array<T, N> allowed, std::string_view words) {
    return [&target, allowed, words](const Value& value, const std::string& key,
                                     Diagnostics& diagnostics) {
        if (value.kind == Value::Kind::null) return;
        const auto number = number_of(value);
        const auto found = std::find_if(allowed.begin(), allowed.end(), [&number](T one) {
            return number && static_cast<double>(one) == *number;
        });
        if (found != allowed.end()) {
            target = *found;
            return;
        }
        diagnostics.error(value.where, key, fmt::format("must be {}, is {}", words, shown(value)));
    };
}

void bind_camera(Schema& schema, Config& config) {
    schema.integer("width", config.width, {1, kLargestSide}, "width to ask the camera for")
        .default_text("the camera's best mode for a call");
    schema.integer("height", config.height, {1, kLargestSide}, "height to ask the camera for")
        .default_text("the camera's best mode for a call");
    schema.number("fps", config.fps, {0.1, 1000}, "pictures a second to ask the camera for")
        .default_text("the camera's best mode for a call");
    schema.boolean("keep_rate", config.keep_rate,
                   "keep the camera from giving fewer pictures a second in the dark");
    schema.boolean("on_demand", config.on_demand,
                   "open the camera only while somebody watches the virtual camera");
    schema.path("cover", config.cover, "picture that is shown while there is none of the camera")
        .default_text("a card that says so");
    schema.custom("mjpeg", "true | false | auto", "auto",
                  "ask the camera for MJPEG; auto: when its raw formats cannot reach the size and "
                  "rate",
                  mjpeg_reader(config.mjpeg));
    schema.custom("real_video_device", "text", "the first camera",
                  "the camera (/dev/video0, or its number), a picture, a video file, a URL or "
                  "\"pattern\"",
                  device_reader(config.real_video_device));
    schema.custom("virtual_video_device", "text", "the first loopback",
                  "the v4l2loopback device to publish on (/dev/video10, or its number)",
                  device_reader(config.virtual_video_device));
    schema.choice("output_format", config.output_format,
                  {{"yuyv", OutputFormat::yuyv}, {"yu12", OutputFormat::yu12}},
                  "pixel format of the virtual camera");
}

void bind_cost(Schema& schema, Config& config) {
    schema.number("max_fps", config.max_fps, {0.1, 1000}, "never more pictures a second than that")
        .default_text("what the camera gives");
    schema.custom("cpu_budget", "percent", "no limit",
                  "share of one core that Scrim may use: above it, masks are made less often, then "
                  "with a smaller network, then fewer pictures are shown",
                  cpu_budget_reader(config.cpu_budget));
}

void bind_mask(Schema& schema, Config& config) {
    schema.custom("model", "text", "mediapipe",
                  "the network that finds the person; see `scrim models`", model_reader(config));
    schema.custom(
        "multiplier", "0.25 | 0.5 | 0.75 | 1.0", fmt::format("{}", config.multiplier),
        "width of BodyPix's MobileNet",
        one_of(config.multiplier, std::array{0.25, 0.5, 0.75, 1.0}, "0.25, 0.5, 0.75 or 1.0"));
    schema.custom("stride", "8 | 16 | 32", fmt::format("{}", config.stride),
                  "output stride of BodyPix: 8 or 16 of mobilenet, 16 or 32 of resnet50",
                  one_of(config.stride, std::array{8, 16, 32}, "8, 16 or 32"));
    schema.number("internal_resolution", config.internal_resolution, {0.01, 1},
                  "size of BodyPix's input as a share of the picture");
    schema.number("segmentation_threshold", config.segmentation_threshold, {0, 1},
                  "BodyPix: a score above it is a person; networks with a soft mask ignore it");
    schema.integer("average_masks", config.average_masks, {1, 100},
                   "mean of so many masks; 1 = only the newest");
    schema.integer("dilate", config.dilate, {0, kLargestKernel}, "widen the mask by pixels");
    schema.integer("erode", config.erode, {0, kLargestKernel},
                   "narrow the mask by pixels, after dilate");
    schema.integer("blur", config.blur, {0, kLargestKernel},
                   "soften the mask over pixels, after erode");
    schema.custom("mask_every", "auto | number", "auto",
                  "run the network for every so many pictures, and carry the mask along with what "
                  "moves in between; auto: for every picture, as far as the network is fast enough",
                  mask_every_reader(config.mask_every));
    schema.integer("debug_show_mask", config.debug_show_mask, {-1, 23},
                   "show a mask instead of the picture: -1 the person, 0 to 23 a body part");
    schema.integer("debug_show_heatmap", config.debug_show_heatmap, {-1, 16},
                   "show a heat map instead of the picture: -1 the person, 0 to 16 a keypoint");
}

void bind_work(Schema& schema, Config& config) {
    schema
        .integer("threads", config.threads, {1, most_threads},
                 "how many threads may work on pictures at the same time: from 2 on, what needs "
                 "no mask is done while the network runs: sooner, for somewhat more CPU time with "
                 "MJPEG cameras")
        .default_text("2 on a machine with more than two processors, otherwise 1");
    schema.choice("pipeline", config.pipeline,
                  {{"latency", PipelineMode::latency}, {"throughput", PipelineMode::throughput}},
                  "latency: one picture after the other, each as soon as possible; throughput: the "
                  "network looks at the next one while this one is put together");
}

/// The layers of the default configuration, without places: those would point into another text.
std::vector<LayerSpec> read_default_layers() {
    Diagnostics none("", "");
    const Value root = parse_yaml(default_config_text(), none);
    std::vector<LayerSpec> layers;
    for (const auto& entry : root.entries) {
        if (entry.key == "layers") layers = read_layers(entry.value, entry.key, none);
    }
    for (auto& layer : layers) {
        layer.where = {};
        for (auto& filter : layer.filters) {
            filter.where = {};
            for (auto& argument : filter.arguments)
                argument.where = {};
        }
    }
    return layers;
}

const std::vector<LayerSpec>& default_layers() {
    static const std::vector<LayerSpec> layers = read_default_layers();
    return layers;
}

void warn_of_what_is_ignored(const Value& root, const Config& config, Diagnostics& diagnostics) {
    if (!config.model.empty() && !config.model.starts_with("mediapipe")) return;
    for (const auto& entry : root.entries) {
        if (entry.key != "segmentation_threshold") continue;
        diagnostics.warning(entry.where, entry.key,
                            "the mediapipe network gives a soft mask and ignores it");
    }
}

}  // namespace

std::string resolve_device(const std::string& device, const std::filesystem::path& folder) {
    const bool url = device.find("://") != std::string::npos;
    const bool file = device.find_first_of("./") != std::string::npos;
    return file && !url ? resolve_path(device, folder).string() : device;
}

int threads_of(const Config& config) {
    // With two processors the second one is the call's: its encoder and its decoders.
    constexpr unsigned needed_for_two = 3;
    return config.threads.value_or(std::thread::hardware_concurrency() >= needed_for_two ? 2 : 1);
}

void bind_config(Schema& schema, Config& config) {
    bind_camera(schema, config);
    bind_cost(schema, config);
    bind_mask(schema, config);
    bind_work(schema, config);
    schema.custom("layers", "list of layers", "the blurred picture behind the person",
                  "what is shown, bottom first: each `- SOURCE: [filters]` with the source input, "
                  "foreground, parts, not_parts (after them the parts' names), previous or empty",
                  [&config](const Value& value, const std::string& key, Diagnostics& diagnostics) {
                      config.layers = read_layers(value, key, diagnostics);
                  });
}

Config parse_config(const std::string& text, const std::filesystem::path& folder,
                    Diagnostics& diagnostics) {
    Config config;
    config.folder = folder;
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        // An editor that is saving leaves this for a moment; nobody means it.
        diagnostics.error({}, "", "is empty; write at least \"layers:\"");
    }
    Schema schema;
    bind_config(schema, config);
    const Value root = parse_yaml(text, diagnostics);
    if (root.kind == Value::Kind::list) {
        diagnostics.error(root.where, "",
                          "must be \"key: value\" lines, is a list; is a line \"layers:\" missing "
                          "above it?");
    } else {
        schema.read_map(root, "", diagnostics, folder);
    }
    config.real_video_device = resolve_device(config.real_video_device, folder);
    if (config.layers.empty()) config.layers = default_layers();
    for (const auto& entry : root.entries)
        config.places.emplace(entry.key, entry.value.where);
    warn_of_what_is_ignored(root, config, diagnostics);
    return config;
}

}  // namespace scrim
