#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "sink/sink.h"

namespace scrim {

struct SinkRequest {
    /// A loopback device, a file (.mp4 .mkv .webm .y4m; .png = a series, NAME-00001.png or with
    /// one %d pattern), "-" = y4m on standard output, "null"; empty = the first loopback.
    std::string target;
    int width = 0;
    int height = 0;
    double fps = 0;  // 0 = not known; what is announced; real times come with the frames
    ColorTags tags;
    OutputFormat output_format = OutputFormat::yuyv;  // of a loopback
    /// The file that the pictures come from: its sound is copied along where the container can.
    std::filesystem::path sound_from;
};

/// One kind of sink.
struct SinkKind {
    std::string_view name;
    std::string_view help;  // one line
    bool (*accepts)(const SinkRequest& request);
    std::unique_ptr<Sink> (*open)(const SinkRequest& request);
    /// The tags that frames must have for this kind, given the source's: loopback readers assume
    /// BT.601 limited, a file carries whatever it gets.
    ColorTags (*tags)(ColorTags source_tags);
    /// A device that may be there again after an error.
    bool comes_back = false;
};

std::span<const SinkKind> sink_kinds();

/// The kind for a request; throws Error where no kind accepts it.
const SinkKind& find_sink_kind(const SinkRequest& request);

}  // namespace scrim
