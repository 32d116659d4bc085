#include "frame/webp_animation.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include <webp/demux.h>

#include "frame/animation.h"
#include "frame/video_reader.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{512} << 20;

struct WebPDelete {
    void operator()(WebPAnimDecoder* p) const { WebPAnimDecoderDelete(p); }
};

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
    check_media_file(path);
    if (std::filesystem::file_size(path) > largest_file) {
        throw Error("cannot open {}: an animation may have {} megabytes", path.string(),
                    largest_file >> 20);
    }
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class WebPAnimation final : public ClipReader {
  public:
    WebPAnimation(const std::filesystem::path& path, const Options& options)
        : stop_(options.stop), bytes_(bytes_of(path)) {
        // The canvas is as large as the head says, whatever comes behind it.
        WebPBitstreamFeatures head{};
        const bool known = WebPGetFeatures(bytes_.data(), bytes_.size(), &head) == VP8_STATUS_OK;
        if (known) check_animation_size(path.string(), head.width, head.height);
        WebPAnimDecoderOptions how;
        WebPAnimDecoderOptionsInit(&how);
        how.color_mode = MODE_RGBA;
        const WebPData data{bytes_.data(), bytes_.size()};
        if (known) decoder_.reset(WebPAnimDecoderNew(&data, &how));
        WebPAnimInfo info{};
        if (!decoder_ || WebPAnimDecoderGetInfo(decoder_.get(), &info) == 0) {
            throw Error("cannot open {}: it is not a picture, or it is damaged or cut short",
                        path.string());
        }
        width_ = static_cast<int>(info.canvas_width);
        height_ = static_cast<int>(info.canvas_height);
        if (!decode()) {
            throw Error("cannot open {}: it is not a picture, or it is damaged or cut short",
                        path.string());
        }
        waiting_ = true;
    }

    std::optional<Duration> next() override {
        const bool stopped = stop_ != nullptr && stop_->load();
        if (stopped || (!waiting_ && !decode())) return std::nullopt;
        waiting_ = false;
        return duration_;
    }

    Pixels pixels() override {
        Picture picture;
        picture.width = width_;
        picture.height = height_;
        picture.rgba.assign(canvas_, canvas_ + std::ptrdiff_t{4} * width_ * height_);
        return picture;
    }

  private:
    bool decode() {
        int end = 0;  // of the time for which it is shown, in milliseconds
        if (WebPAnimDecoderGetNext(decoder_.get(), &canvas_, &end) == 0) return false;
        duration_ = animation_duration(std::chrono::milliseconds(end - end_));
        end_ = end;
        return true;
    }

    const std::atomic<bool>* stop_;
    std::vector<std::uint8_t> bytes_;  // the decoder reads from it
    std::unique_ptr<WebPAnimDecoder, WebPDelete> decoder_;
    int width_ = 0;
    int height_ = 0;
    std::uint8_t* canvas_ = nullptr;  // the decoder's, until it goes on
    Duration duration_{};
    int end_ = 0;
    bool waiting_ = false;  // the first picture is decoded and next() has not been asked yet
};

}  // namespace

bool is_animated_webp(const std::filesystem::path& path) {
    constexpr std::size_t flags = 20;
    constexpr unsigned animation = 0x02;
    std::array<char, flags + 1> head{};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(head.data(), head.size())) return false;
    const std::string_view text(head.data(), head.size());
    return text.starts_with("RIFF") && text.substr(8, 8) == "WEBPVP8X" &&
           (static_cast<unsigned char>(head[flags]) & animation) != 0;
}

std::unique_ptr<ClipReader> open_webp_animation(const std::filesystem::path& path,
                                                const ClipReader::Options& options) {
    return std::make_unique<WebPAnimation>(path, options);
}

}  // namespace scrim
