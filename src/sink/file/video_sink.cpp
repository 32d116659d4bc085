#include "sink/file/video_sink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <spdlog/spdlog.h>

#include "frame/ffmpeg.h"
#include "sink/file/output_path.h"
#include "sink/file/sound_copy.h"
#include "util/error.h"

namespace scrim {
namespace {

/// An option of an encoder or a muxer.
struct Setting {
    const char* name;
    const char* value;
};

struct Encoder {
    const char* name;
    bool even;  // it takes even sizes only
    std::array<Setting, 6> settings;
};

// Good enough that nobody sees the loss, quick enough for one core beside the network. VP9 without
// alt-ref: pictures that are not shown would have to be waited for.
constexpr std::array h264{
    Encoder{"libx264", true, {{{"preset", "veryfast"}, {"crf", "18"}}}},
    Encoder{"mpeg4", false, {{{"flags", "+qscale"}, {"global_quality", "354"}}}},  // quantiser 3
};
constexpr std::array vp9{
    Encoder{"libvpx-vp9",
            false,
            {{{"deadline", "realtime"},
              {"cpu-used", "6"},
              {"row-mt", "1"},
              {"crf", "24"},
              {"b", "0"},
              {"lag-in-frames", "0"}}}},
    Encoder{"libvpx",
            false,
            {{{"deadline", "realtime"}, {"cpu-used", "6"}, {"crf", "10"}, {"b", "8M"}}}},
};

struct Container {
    const char* extension;
    const char* format;
    std::span<const Encoder> encoders;  // the first that this FFmpeg has
    int ticks;                          // a second
    Setting setting;
};

// An ordinary MP4 file has its table of contents at the end: one that a crash or a full disk cuts
// short cannot be played at all. These are written in fragments of two seconds, each with its own
// table; all browsers and players of today take them, and what is cut short plays up to there.
// (Without the moov delayed to the first fragment, some kinds of sound could not be described.)
// Matroska is made of clusters anyway; they are closed every second.
constexpr Setting fragments{"movflags", "frag_keyframe+delay_moov+default_base_moof"};
constexpr Setting clusters{"cluster_time_limit", "1000"};
constexpr std::array containers{
    Container{".mp4", "mp4", h264, 60000, fragments},
    Container{".mov", "mov", h264, 60000, fragments},
    Container{".mkv", "matroska", h264, 1000, clusters},
    Container{".webm", "webm", vp9, 1000, clusters},
};

const Container* find_container(const SinkRequest& request) {
    const std::string extension = extension_of(request.target);
    const auto* const found =
        std::find_if(containers.begin(), containers.end(),
                     [&](const Container& c) { return extension == c.extension; });
    return found == containers.end() ? nullptr : &*found;
}

/// The frame with one more column or row where its size is odd, the last one repeated: the encoder
/// of H.264 takes even sizes only, and its own cropping counts in twos. The chroma planes of an odd
/// size are that large already.
Frame padded_to_even(const Frame& frame) {
    const int width = frame.width();
    const int height = frame.height();
    if (width % 2 == 0 && height % 2 == 0) return frame;
    Frame out = frame;
    out.y = Plane(2 * chroma_size(width), 2 * chroma_size(height));
    for (int y = 0; y < out.y.height(); ++y) {
        const std::uint8_t* const in = frame.y.row(std::min(y, height - 1));
        std::uint8_t* const row = out.y.writable_row(y);
        std::memcpy(row, in, static_cast<std::size_t>(width));
        if (out.y.width() > width) row[width] = in[width - 1];
    }
    return out;
}

/// The frame's planes as an AVFrame that keeps them alive.
AvFrame wrap(const Frame& frame) {
    AvFrame out = make_av_frame();
    out->format = AV_PIX_FMT_YUV420P;
    out->width = frame.width();
    out->height = frame.height();
    set_color_tags(*out, frame.tags);
    const std::array<const Plane*, 3> planes{&frame.y, &frame.u, &frame.v};
    for (std::size_t i = 0; i < planes.size(); ++i) {
        // FFmpeg has no const pictures; the buffer is marked as not writable instead.
        out->data[i] = const_cast<std::uint8_t*>(planes[i]->data());
        out->linesize[i] = planes[i]->stride();
    }
    auto keeper = std::make_unique<Frame>(frame);
    out->buf[0] = av_buffer_create(
        out->data[0],
        static_cast<std::size_t>(frame.y.stride()) * static_cast<std::size_t>(frame.height()),
        [](void* opaque, std::uint8_t*) {
            const std::unique_ptr<Frame> dropped(static_cast<Frame*>(opaque));
        },
        keeper.get(), AV_BUFFER_FLAG_READONLY);
    if (out->buf[0] == nullptr) throw std::bad_alloc();
    [[maybe_unused]] const Frame* const given_away = keeper.release();
    return out;
}

/// A file in one of FFmpeg's formats, being written.
class Muxer {
  public:
    Muxer() = default;
    ~Muxer() { close(); }
    Muxer(const Muxer&) = delete;
    Muxer& operator=(const Muxer&) = delete;

    int open(const std::string& path, const char* format) {
        const int code = avformat_alloc_output_context2(&context_, nullptr, format, nullptr);
        if (code < 0) return code;
        return avio_open2(&context_->pb, ("file:" + path).c_str(), AVIO_FLAG_WRITE, nullptr,
                          nullptr);
    }
    /// As FFmpeg's, but an error of writing that FFmpeg kept to itself comes out here.
    int checked(int code) const { return context_->pb->error < 0 ? context_->pb->error : code; }
    void close() noexcept {
        if (context_ == nullptr) return;
        avio_closep(&context_->pb);
        avformat_free_context(context_);
        context_ = nullptr;
    }
    AVFormatContext* get() const { return context_; }

  private:
    AVFormatContext* context_ = nullptr;
};

class VideoSink : public Sink {
  public:
    explicit VideoSink(const SinkRequest& request);
    ~VideoSink() override;

    const std::string& name() const override { return name_; }
    void write(const Frame& frame) override;
    void finish() override;

  private:
    void open_encoder(const SinkRequest& request);
    int start_encoder(const Encoder& choice, const SinkRequest& request);
    int open_file(std::unique_ptr<SoundCopy> sound);
    void encode(const AVFrame* frame);
    void copy_sound(double until);
    void put(AVPacket& packet, const AVStream& stream, AVRational time_base);
    void check(int code);

    const Container& container_;
    std::string name_;
    AvCodecContext encoder_;
    bool even_ = false;
    Muxer file_;
    AVStream* pictures_ = nullptr;
    AVStream* sound_stream_ = nullptr;
    std::unique_ptr<SoundCopy> sound_;
    AvPacket packet_;
    std::optional<Time> first_;
    std::int64_t last_ = -1;   // time of the last picture, in ticks of the encoder
    std::int64_t period_ = 0;  // how long a picture stands when nothing comes after it
    bool open_ = false;
};

VideoSink::VideoSink(const SinkRequest& request)
    : container_(*find_container(request)), name_(request.target), packet_(make_av_packet()) {
    route_av_log();
    check_output_path(request.target, request);
    open_encoder(request);
    const AVOutputFormat* const format = av_guess_format(container_.format, nullptr, nullptr);
    std::unique_ptr<SoundCopy> sound =
        format != nullptr ? SoundCopy::open(request, *format) : nullptr;
    const bool with_sound = sound != nullptr;
    int code = open_file(std::move(sound));
    if (code < 0 && with_sound && file_.checked(0) >= 0) {
        spdlog::warn("the sound of {} is not copied: {}", request.sound_from.string(),
                     av_message(code));
        file_.close();
        code = open_file(nullptr);
    }
    check(code);
    open_ = true;
}

VideoSink::~VideoSink() {
    // An error elsewhere: what is in the file already is closed properly as far as that goes.
    if (open_) av_write_trailer(file_.get());
}

void VideoSink::open_encoder(const SinkRequest& request) {
    int code = AVERROR_ENCODER_NOT_FOUND;
    for (const Encoder& choice : container_.encoders) {
        code = start_encoder(choice, request);
        if (code >= 0) return;
    }
    throw Error("cannot write {}: the encoder does not start: {}", name_, av_message(code));
}

int VideoSink::start_encoder(const Encoder& choice, const SinkRequest& request) {
    const AVCodec* const codec = avcodec_find_encoder_by_name(choice.name);
    if (codec == nullptr) return AVERROR_ENCODER_NOT_FOUND;
    const FrameRate rate = frame_rate_of(request.fps);
    constexpr double usual_rate = 30;
    const double hertz = request.fps > 0 ? request.fps : usual_rate;
    even_ = choice.even;
    period_ = std::max<std::int64_t>(1, std::llround(container_.ticks / hertz));

    encoder_ = make_av_codec_context(codec);
    encoder_->width = even_ ? 2 * chroma_size(request.width) : request.width;
    encoder_->height = even_ ? 2 * chroma_size(request.height) : request.height;
    encoder_->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder_->time_base = {1, container_.ticks};
    encoder_->framerate = {rate.numerator, rate.denominator};
    encoder_->sample_aspect_ratio = {1, 1};
    set_color_tags(*encoder_, request.tags);
    constexpr double keyframe_interval = 2;  // seconds
    encoder_->gop_size = std::max(1, static_cast<int>(std::lround(hertz * keyframe_interval)));
    // Without pictures that refer to later ones, each leaves the encoder with its own time, from 0
    // on, and a file that is cut short misses nothing in between.
    encoder_->max_b_frames = 0;
    encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AvOptions options;
    for (const Setting& setting : choice.settings) {
        if (setting.name != nullptr) options.set(setting.name, setting.value);
    }
    return avcodec_open2(encoder_.get(), codec, options.get());
}

int VideoSink::open_file(std::unique_ptr<SoundCopy> sound) {
    int code = file_.open(name_, container_.format);
    if (code < 0) return code;
    pictures_ = avformat_new_stream(file_.get(), nullptr);
    if (pictures_ == nullptr) throw std::bad_alloc();
    code = avcodec_parameters_from_context(pictures_->codecpar, encoder_.get());
    if (code < 0) return code;
    pictures_->time_base = encoder_->time_base;
    pictures_->avg_frame_rate = encoder_->framerate;
    pictures_->sample_aspect_ratio = encoder_->sample_aspect_ratio;
    sound_stream_ = nullptr;
    sound_ = std::move(sound);
    if (sound_) {
        sound_stream_ = avformat_new_stream(file_.get(), nullptr);
        if (sound_stream_ == nullptr) throw std::bad_alloc();
        code = avcodec_parameters_copy(sound_stream_->codecpar, sound_->stream().codecpar);
        if (code < 0) return code;
        sound_stream_->codecpar->codec_tag = 0;  // the other container's name for the codec
        sound_stream_->time_base = sound_->stream().time_base;
    }
    AvOptions options;
    options.set(container_.setting.name, container_.setting.value);
    return file_.checked(avformat_write_header(file_.get(), options.get()));
}

void VideoSink::write(const Frame& frame) {
    if (!open_) return;
    if (!first_) first_ = frame.captured;
    const double elapsed = seconds(frame.captured - *first_);
    const AvFrame picture = wrap(even_ ? padded_to_even(frame) : frame);
    picture->pts = std::max<std::int64_t>(last_ + 1, std::llround(elapsed * container_.ticks));
    last_ = picture->pts;
    encode(picture.get());
    copy_sound(static_cast<double>(last_) / container_.ticks);
}

/// nullptr = no more pictures: gives out what the encoder still holds.
void VideoSink::encode(const AVFrame* frame) {
    check(avcodec_send_frame(encoder_.get(), frame));
    for (;;) {
        const int code = avcodec_receive_packet(encoder_.get(), packet_.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
        check(code);
        if (packet_->duration == 0) packet_->duration = period_;
        put(*packet_, *pictures_, encoder_->time_base);
    }
}

void VideoSink::copy_sound(double until) {
    if (!sound_) return;
    while (AVPacket* const packet = sound_->next(until)) {
        put(*packet, *sound_stream_, sound_->stream().time_base);
    }
}

void VideoSink::put(AVPacket& packet, const AVStream& stream, AVRational time_base) {
    av_packet_rescale_ts(&packet, time_base, stream.time_base);
    packet.stream_index = stream.index;
    packet.pos = -1;
    check(file_.checked(av_interleaved_write_frame(file_.get(), &packet)));
}

void VideoSink::finish() {
    if (!open_) return;
    encode(nullptr);
    copy_sound(static_cast<double>(last_ + period_) / container_.ticks);
    open_ = false;
    const int code = av_write_trailer(file_.get());
    avio_flush(file_.get()->pb);
    check(file_.checked(code));
    file_.close();
}

/// Throws for an error code; the file is then closed as it is.
void VideoSink::check(int code) {
    if (code >= 0) return;
    open_ = false;
    file_.close();
    throw Error("cannot write {}: {}", name_, av_message(code));
}

}  // namespace

bool accepts_video(const SinkRequest& request) {
    return find_container(request) != nullptr;
}

std::unique_ptr<Sink> open_video(const SinkRequest& request) {
    return std::make_unique<VideoSink>(request);
}

}  // namespace scrim
