#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/document.h"
#include "config/schema.h"
#include "util/body.h"

namespace scrim {

/// `[NAME, arguments...]` in a layer, not yet looked up: the filter room knows the names.
struct FilterCall {
    std::string name;
    std::vector<Value> arguments;
    Location where;
    std::string key;  // "layers[1].foreground[0]"
};

enum class LayerSource : std::uint8_t { input, foreground, parts, not_parts, previous, empty };

struct LayerSpec {
    LayerSource source = LayerSource::input;
    PartSet parts;  // of parts and not_parts; never empty there
    std::vector<FilterCall> filters;
    Location where;
    std::string key;  // "layers[1].foreground"
};

enum class MjpegChoice : std::uint8_t { no, yes, automatic };
enum class PipelineMode : std::uint8_t { latency, throughput };
enum class OutputFormat : std::uint8_t { yuyv, yu12 };

/// A whole configuration: every key of the language once, with its default. What the keys mean is
/// in the help texts of bind_config(), which are also the documentation.
struct Config {
    std::optional<int> width;
    std::optional<int> height;
    std::optional<double> fps;
    MjpegChoice mjpeg = MjpegChoice::automatic;
    std::string real_video_device;     // empty = the first camera
    std::string virtual_video_device;  // empty = the first loopback
    bool keep_rate = true;             // in the dark, too
    bool on_demand = true;             // the camera is open only while somebody watches
    std::filesystem::path cover;       // shown while there is no camera; empty = Scrim's own
    std::optional<double> max_fps;
    std::optional<double> cpu_budget;  // a share of one core
    OutputFormat output_format = OutputFormat::yuyv;

    /// Empty = not named: the default network. Kept apart from "mediapipe" because a mask given to
    /// `scrim render` is then read as the predecessor's default network would have meant it.
    std::string model;
    double multiplier = 0.5;
    int stride = 16;
    double internal_resolution = 0.5;
    double segmentation_threshold = 0.75;
    int average_masks = 3;
    int dilate = 0;
    int erode = 0;
    int blur = 0;
    /// A mask for every so many pictures; 0 = as many as the network's speed allows.
    int mask_every = 0;

    std::optional<int> threads;  // absent = by the machine, see threads_of()
    PipelineMode pipeline = PipelineMode::latency;

    std::vector<LayerSpec> layers;  // bottom first; never empty after loading
    std::optional<int> debug_show_mask;
    std::optional<int> debug_show_heatmap;

    std::filesystem::path folder;                         // relative paths are relative to it
    std::map<std::string, Location, std::less<>> places;  // of the values, by key
};

/// A camera as a configuration names it: a picture or a video file beside the configuration is
/// named relative to its folder, like those of the filters. Devices, URLs and "pattern" are no
/// files.
std::string resolve_device(const std::string& device, const std::filesystem::path& folder);

/// How many threads may work on frames at the same time: what the configuration says, else what
/// serves on this machine.
int threads_of(const Config& config);
constexpr int most_threads = 16;

/// Binds every key of the language to `config`.
void bind_config(Schema& schema, Config& config);

/// Reads a configuration text. Everything wrong goes into `diagnostics`; filter names and arguments
/// are not looked at here. Missing `layers` give the default: the blurred picture behind the
/// person.
Config parse_config(const std::string& text, const std::filesystem::path& folder,
                    Diagnostics& diagnostics);

/// The configuration that Scrim uses without a file, as text.
const std::string& default_config_text();

/// The whole text of a file; throws Error with the reason (missing, a folder, not readable, larger
/// than 1 MiB).
std::string read_config_file(const std::filesystem::path& path);

/// $XDG_CONFIG_HOME/scrim/config.yaml (or ~/.config/...): where the user's configuration is.
std::filesystem::path user_config_path();

}  // namespace scrim
