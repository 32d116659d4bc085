#include "source/media/media_source.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "frame/av_convert.h"
#include "frame/video_reader.h"
#include "source/interrupt.h"

namespace scrim {
namespace {

constexpr double default_rate = 30;  // of a picture, and of a stream that does not say

Duration duration_of(std::int64_t ticks, AVRational time_base) {
    constexpr AVRational nanosecond{1, 1'000'000'000};
    return std::chrono::nanoseconds(av_rescale_q(ticks, time_base, nanosecond));
}

Duration period_of(double hertz) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / hertz));
}

class MediaSource : public Source {
  public:
    explicit MediaSource(const SourceRequest& request);

    const StreamInfo& info() const override { return info_; }
    std::optional<Captured> next() override;
    void interrupt() noexcept override { interrupt_.trigger(); }
    Counters counters() const override { return {delivered_.load(), dropped_.load()}; }

  private:
    struct Shown {
        Frame frame;
        Duration time{};  // since the first picture of the file
    };
    void open();
    void describe(const AVFrame& first);
    std::optional<Shown> read();
    Shown show(AvFrame picture);
    std::optional<Shown> read_on();
    std::optional<Captured> repeat_still();
    bool pace(Duration time);
    Captured deliver(const Frame& frame, Time captured);

    const std::string place_;
    const bool live_;
    Interrupt interrupt_;
    std::unique_ptr<VideoReader> reader_;
    FrameConverter converter_;
    StreamInfo info_;
    Duration period_{};
    bool paced_ = false;  // pictures are held back until their time comes

    std::optional<Shown> first_;  // read to know the size, not delivered yet
    Frame only_;                  // the first picture of the present run, until there is another
    Frame still_;                 // live: the only picture of the file, once that is known
    std::int64_t first_pts_ = 0;
    std::optional<Duration> last_time_;  // of the present run through the file
    std::uint64_t shown_ = 0;            // in the present run
    std::optional<Time> origin_;         // when the present run started
    std::uint64_t dropped_before_ = 0;   // in the runs before
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<std::uint64_t> dropped_{0};
};

MediaSource::MediaSource(const SourceRequest& request)
    : place_(request.device), live_(request.live) {
    open();
    AvFrame first = reader_->read();
    if (!first) {
        throw Error("cannot open {}: {}", reader_->input().name(),
                    reader_->input().still() ? "it is not a picture, or it is damaged or cut short"
                                             : "there is no picture in it that can be decoded");
    }
    describe(*first);
    const bool picture = reader_->input().still();
    if (picture) info_.rate = {};
    const double hertz = info_.rate.hertz();
    period_ = period_of(hertz > 0 ? hertz : default_rate);
    if (live_ && picture) {
        period_ = period_of(std::clamp(request.fps.value_or(default_rate), 0.1, 1000.0));
        const AVRational rate = av_d2q(request.fps.value_or(default_rate), 1001000);
        info_.rate = {rate.num, rate.den};
    }
    first_ = show(std::move(first));
}

void MediaSource::open() {
    VideoReader::Options options;
    // Live, every thread of a decoder would hold back one more picture.
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    options.threads = live_ ? 1 : std::clamp(cores, 1, 4);
    options.stop = interrupt_.flag();
    reader_ = std::make_unique<VideoReader>(place_, options);
    first_pts_ = AV_NOPTS_VALUE;
    last_time_.reset();
    shown_ = 0;
}

void MediaSource::describe(const AVFrame& first) {
    const bool turned = reader_->orientation(first).transpose;
    const MediaInput& input = reader_->input();
    const AVRational rate = reader_->rate();
    info_.width = turned ? first.height : first.width;
    info_.height = turned ? first.width : first.height;
    info_.rate = {rate.num, rate.den};
    info_.tags = color_tags_of(first);
    info_.live = live_;
    info_.frames = live_ ? 0 : input.still() ? 1 : reader_->estimated_frames();
    info_.name = fmt::format("{}, {}x{} {}", input.name(), info_.width, info_.height,
                             avcodec_get_name(reader_->stream().codecpar->codec_id));
    // A camera on the network sets the pace itself; its MJPEG has no times to go by.
    const bool camera = input.network() && (input.format_is("rtsp") || input.format_is("rtp") ||
                                            input.format_is("mpjpeg") || input.format_is("mjpeg"));
    paced_ = live_ && !camera;
}

/// The next picture of the present run through the file.
std::optional<MediaSource::Shown> MediaSource::read() {
    if (first_) return std::exchange(first_, std::nullopt);
    if (reader_->input().still() && shown_ > 0) return std::nullopt;  // some files hold a preview
    AvFrame picture = reader_->read();
    dropped_ = dropped_before_ + reader_->dropped();
    if (!picture) return std::nullopt;
    return show(std::move(picture));
}

MediaSource::Shown MediaSource::show(AvFrame picture) {
    const Orientation orientation = reader_->orientation(*picture);
    const std::int64_t pts = picture->best_effort_timestamp;
    std::optional<Duration> time;
    if (pts != AV_NOPTS_VALUE) {
        if (first_pts_ == AV_NOPTS_VALUE) first_pts_ = pts;
        time = duration_of(pts - first_pts_, reader_->stream().time_base);
    }
    // Times that are missing or run backwards are replaced by the file's nominal rate.
    const bool usable = time && (!last_time_ || *time > *last_time_);
    if (!usable) time = last_time_ ? *last_time_ + period_ : Duration::zero();
    last_time_ = time;
    ++shown_;

    const bool transposed = orientation.transpose;
    const int width = transposed ? info_.height : info_.width;
    const int height = transposed ? info_.width : info_.height;
    Frame frame = converter_.convert(std::move(picture), width, height, info_.tags);
    if (!orientation.upright()) {
        frame.y = oriented(frame.y, orientation);
        frame.u = oriented(frame.u, orientation);
        frame.v = oriented(frame.v, orientation);
    }
    return {std::move(frame), *time};
}

/// Live, at the end: a file starts again. A file of one picture is kept instead.
std::optional<MediaSource::Shown> MediaSource::read_on() {
    std::optional<Shown> shown = read();
    if (shown || !live_ || interrupt_.triggered() || shown_ == 0) return shown;
    if (shown_ == 1) {
        still_ = std::exchange(only_, Frame());
        return std::nullopt;
    }
    if (reader_->input().network()) return std::nullopt;
    if (origin_) *origin_ += last_time_.value_or(Duration::zero()) + period_;
    dropped_before_ += reader_->dropped();
    open();
    return read();
}

/// Live: waits until the picture's time has come. false = interrupted.
bool MediaSource::pace(Duration time) {
    // Who is this late does not catch up any more: the file goes on from here at its own pace.
    constexpr Duration too_late = std::chrono::milliseconds(500);
    const Time now = Clock::now();
    if (!origin_ || now - (*origin_ + time) > too_late) origin_ = now - time;
    return interrupt_.sleep_until(*origin_ + time);
}

std::optional<Captured> MediaSource::repeat_still() {
    if (origin_) *origin_ += period_;
    if (!pace(Duration::zero())) return std::nullopt;
    return deliver(still_, Clock::now());
}

std::optional<Captured> MediaSource::next() {
    if (interrupt_.triggered()) return std::nullopt;
    if (!still_.empty()) return repeat_still();

    std::optional<Shown> shown = read_on();
    if (interrupt_.triggered()) return std::nullopt;
    if (!still_.empty()) return repeat_still();
    if (!shown) return std::nullopt;
    if (!live_) return deliver(shown->frame, Time{} + shown->time);
    if (paced_ && !pace(shown->time)) return std::nullopt;
    only_ = shown_ == 1 ? shown->frame : Frame();
    return deliver(shown->frame, Clock::now());
}

Captured MediaSource::deliver(const Frame& frame, Time captured) {
    Captured out = captured_of(frame);
    out.sequence = delivered_++ + dropped_;
    out.captured = captured;
    return out;
}

}  // namespace

bool accepts_media(const SourceRequest& request) {
    return !request.device.empty();
}

std::unique_ptr<Source> open_media(const SourceRequest& request) {
    return std::make_unique<MediaSource>(request);
}

}  // namespace scrim
