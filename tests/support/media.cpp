#include "support/media.h"

#include "frame/convert.h"
#include "sink/registry.h"
#include "source/registry.h"

namespace scrim::test {

int for_each_frame(const std::filesystem::path& path,
                   const std::function<void(const Frame&)>& see) {
    SourceRequest request;
    request.device = path.string();
    request.live = false;
    const auto source = open_source(request);
    Decoder decoder;
    int count = 0;
    while (const auto captured = source->next()) {
        see(decoder.decode(*captured));
        ++count;
    }
    return count;
}

std::vector<Frame> read_frames(const std::filesystem::path& path) {
    std::vector<Frame> frames;
    for_each_frame(path, [&frames](const Frame& frame) { frames.push_back(frame); });
    return frames;
}

int count_frames(const std::filesystem::path& path) {
    return for_each_frame(path, [](const Frame&) {});
}

void write_frames(const std::filesystem::path& path, const std::vector<Frame>& frames, double fps) {
    SinkRequest request;
    request.target = path.string();
    request.width = frames.at(0).width();
    request.height = frames.at(0).height();
    request.fps = fps;
    request.tags = frames.at(0).tags;
    const auto sink = find_sink_kind(request).open(request);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        Frame frame = frames[i];
        frame.captured = Time{} + std::chrono::duration_cast<Duration>(
                                      std::chrono::duration<double>(static_cast<double>(i) / fps));
        sink->write(frame);
    }
    sink->finish();
}

std::filesystem::path shared_folder(const std::string& name) {
    const auto folder = std::filesystem::path(SCRIM_SOURCE_DIR).parent_path() / "shared" / name;
    return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

}  // namespace scrim::test
