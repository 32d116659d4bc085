#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"
#include "source/source.h"

namespace scrim {

/// What is asked of a source; absent numbers = its best for a call.
struct SourceRequest {
    /// `real_video_device` of the configuration, or what stands on the command line: a device, a
    /// picture, a video file, a URL, "pattern"; empty = the first real camera.
    std::string device;
    std::optional<int> width;
    std::optional<int> height;
    std::optional<double> fps;
    MjpegChoice mjpeg = MjpegChoice::automatic;
    /// A camera that was open before (StreamInfo::identity): it is looked for first, whatever its
    /// number is now.
    std::string identity = {};
    /// Keeps a camera from lowering its rate in the dark.
    bool keep_rate = true;
    /// Live use (`run`): a file plays at its own pace and a picture is repeated at the rate, for
    /// ever. Otherwise every picture of the file comes once, as fast as it is taken.
    bool live = true;

    bool operator==(const SourceRequest&) const = default;
};

/// One kind of source.
struct SourceKind {
    std::string_view name;
    std::string_view help;  // one line
    bool (*accepts)(const SourceRequest& request);
    std::unique_ptr<Source> (*open)(const SourceRequest& request);
    /// A device that may be there later although it is not now.
    bool comes_back = false;
};

/// All kinds, the first that accepts a request opens it.
std::span<const SourceKind> source_kinds();

/// The kind for a request; throws Error where none accepts it.
const SourceKind& find_source_kind(const SourceRequest& request);

/// Opens the source for the request; throws Error.
std::unique_ptr<Source> open_source(const SourceRequest& request);

}  // namespace scrim
