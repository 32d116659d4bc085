#include "source/registry.h"

#include <array>

#include "source/media/media_source.h"
#include "source/pattern/pattern_source.h"
#include "source/v4l2/v4l2_source.h"
#include "util/error.h"

namespace scrim {
namespace {

/// The order matters: `media` takes every name that the others leave.
constexpr std::array kinds{
    SourceKind{"pattern",
               "a made-up moving picture: pattern, or pattern:N for N pictures (no camera needed)",
               accepts_pattern, open_pattern},
    SourceKind{"v4l2", "a camera: /dev/videoN; no name = the first one found", accepts_v4l2,
               open_v4l2, true},
    SourceKind{"media",
               "a picture (stays still), a video file, or a URL that FFmpeg opens (http, rtsp)",
               accepts_media, open_media},
};

}  // namespace

std::span<const SourceKind> source_kinds() {
    return kinds;
}

const SourceKind& find_source_kind(const SourceRequest& request) {
    for (const SourceKind& kind : kinds) {
        if (kind.accepts(request)) return kind;
    }
    throw Error("no kind of source can open \"{}\"", request.device);
}

std::unique_ptr<Source> open_source(const SourceRequest& request) {
    return find_source_kind(request).open(request);
}

}  // namespace scrim
