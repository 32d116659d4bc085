#include "sink/registry.h"

#include <array>

#include "sink/file/output_path.h"
#include "sink/file/png_sink.h"
#include "sink/file/video_sink.h"
#include "sink/file/y4m_sink.h"
#include "sink/null/null_sink.h"
#include "sink/v4l2loopback/v4l2loopback_sink.h"
#include "util/error.h"

namespace scrim {
namespace {

/// Files carry whatever they get.
ColorTags same_tags(ColorTags source_tags) {
    return source_tags;
}

constexpr std::array kinds{
    SinkKind{"null", "nothing: the pictures are thrown away", accepts_null, open_null, same_tags},
    SinkKind{"video",
             "a video file: .mp4, .mov or .mkv (H.264), .webm (VP9); sound is copied along",
             accepts_video, open_video, same_tags},
    SinkKind{"y4m", "uncompressed video: .y4m, or - for standard output", accepts_y4m, open_y4m,
             same_tags},
    SinkKind{"png", "a series of pictures: NAME.png gives NAME-00001.png, ...; or with one %d",
             accepts_png, open_png, same_tags},
    SinkKind{"v4l2loopback", "a virtual camera: /dev/videoN; no name = the first one found",
             accepts_v4l2loopback, open_v4l2loopback, v4l2loopback_tags, true},
};

}  // namespace

std::span<const SinkKind> sink_kinds() {
    return kinds;
}

const SinkKind& find_sink_kind(const SinkRequest& request) {
    for (const SinkKind& kind : kinds) {
        if (kind.accepts(request)) return kind;
    }
    const std::string extension = extension_of(request.target);
    throw Error(
        "cannot write to {}: {}; Scrim writes .mp4, .mov, .mkv, .webm, .y4m and .png files, "
        "- (y4m on standard output), null, and virtual cameras like /dev/video10",
        request.target,
        extension.empty() ? "its name has no ending that says what it shall be"
                          : "nothing is known of " + extension + " files");
}

}  // namespace scrim
