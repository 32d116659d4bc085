#include "frame/clip_reader.h"

#include <utility>

#include "frame/animation.h"
#include "frame/av_convert.h"
#include "frame/video_reader.h"
#include "frame/webp_animation.h"
#include "util/error.h"

namespace scrim {
namespace {

constexpr Duration longest = std::chrono::hours(1);  // of one picture: times may be damaged, too

std::int64_t own_duration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame.duration;
#else
    return frame.pkt_duration;
#endif
}

bool has_alpha(const AVFrame& frame) {
    const auto* const format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return format != nullptr && (format->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
}

/// What FFmpeg decodes. It is always one picture ahead: how long one is shown is best known from
/// the time of the next.
class AvClip final : public ClipReader {
  public:
    AvClip(const std::filesystem::path& path, const Options& options)
        : reader_(path.string(), {.threads = 1,
                                  .only_pictures = options.only_pictures,
                                  .alpha = true,
                                  .stop = options.stop}) {
        following_ = reader_.read();
        const bool stopped = options.stop != nullptr && options.stop->load();
        if (following_ == nullptr && !stopped) {
            throw Error("cannot open {}: {}", path.string(),
                        picture() ? "it is not a picture, or it is damaged or cut short"
                                  : "there is no picture in it that can be decoded");
        }
        if (following_ != nullptr && picture() && !still()) {
            check_animation_size(path.string(), following_->width, following_->height);
        }
    }

    std::optional<Duration> next() override {
        present_ = std::move(following_);
        if (present_ == nullptr) return std::nullopt;
        if (!still()) following_ = read_ahead();
        last_ = duration();
        return last_;
    }

    Pixels pixels() override {
        const Orientation orientation = reader_.orientation(*present_);
        if (picture() || has_alpha(*present_)) return oriented(rgba_of(*present_), orientation);
        AvFrame shared(av_frame_clone(present_.get()));
        if (shared == nullptr) throw std::bad_alloc();
        Frame frame = converter_.convert(std::move(shared), present_->width, present_->height,
                                         color_tags_of(*present_));
        frame.y = oriented(frame.y, orientation);
        frame.u = oriented(frame.u, orientation);
        frame.v = oriented(frame.v, orientation);
        return frame;
    }

  private:
    bool picture() const { return reader_.input().picture(); }
    /// Some files of one picture hold a preview of it, too.
    bool still() const { return reader_.input().still(); }

    AvFrame read_ahead() {
        try {
            return reader_.read();
        } catch (const Error&) {
            return nullptr;  // the picture before the damage is still good
        }
    }

    Duration duration() const {
        std::int64_t ticks = own_duration(*present_);
        const std::int64_t start = present_->best_effort_timestamp;
        const std::int64_t end =
            following_ ? following_->best_effort_timestamp : std::int64_t{AV_NOPTS_VALUE};
        if (start != AV_NOPTS_VALUE && end != AV_NOPTS_VALUE && end > start) ticks = end - start;
        constexpr AVRational nanosecond{1, 1'000'000'000};
        const Duration written = std::chrono::nanoseconds(
            ticks > 0 ? av_rescale_q(ticks, reader_.stream().time_base, nanosecond) : 0);
        if (picture()) return std::min(animation_duration(written), longest);
        if (written > Duration::zero()) return std::min(written, longest);
        return last_ > Duration::zero() ? last_ : period();
    }

    /// What the file says about all of its pictures.
    Duration period() const {
        constexpr double usual = 25;
        const double hertz = av_q2d(reader_.rate());
        return std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(1 / (hertz > 0 ? hertz : usual)));
    }

    VideoReader reader_;
    FrameConverter converter_;
    AvFrame present_;
    AvFrame following_;
    Duration last_{};
};

}  // namespace

std::unique_ptr<ClipReader> open_clip(const std::filesystem::path& path,
                                      const ClipReader::Options& options) {
    if (is_animated_webp(path)) return open_webp_animation(path, options);
    return std::make_unique<AvClip>(path, options);
}

PixelSize size_of(const Pixels& pixels) {
    if (const auto* const frame = std::get_if<Frame>(&pixels)) {
        return {frame->width(), frame->height()};
    }
    const auto& picture = std::get<Picture>(pixels);
    return {picture.width, picture.height};
}

}  // namespace scrim
