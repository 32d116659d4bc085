#include "frame/video_reader.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <libavutil/display.h>
}

#include "frame/picture_check.h"
#include "util/error.h"

namespace scrim {
namespace {

/// The display matrix that a container keeps for a stream, or nullptr.
const std::int32_t* display_matrix(const AVStream& stream) {
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    const AVPacketSideData* const side_data =
        av_packet_side_data_get(stream.codecpar->coded_side_data,
                                stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    if (side_data != nullptr) {
        data = side_data->data;
        size = side_data->size;
    }
#else
    data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
    // FFmpeg allocates side data, so that it is aligned for any type.
    return size >= 9 * sizeof(std::int32_t)
               ? static_cast<const std::int32_t*>(static_cast<const void*>(data))
               : nullptr;
}

bool damaged(const AVFrame& frame) {
    return (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
}

/// Decoders that show what they got of a damaged picture unless they are told not to. Others mark
/// the frame, or would refuse harmless oddities as well (TIFF's unknown tags, H.264's messages).
bool strict(AVCodecID codec) {
    return codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_PNG || codec == AV_CODEC_ID_APNG;
}

/// FFmpeg's own decoders of VP8 and VP9 leave out the alpha that WebM files have beside the
/// pictures; that of libvpx does not.
const AVCodec* decoder_with_alpha(const AVStream& stream) {
    const auto* const mode = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
    if (mode == nullptr || mode->value != std::string_view("1")) return nullptr;
    switch (stream.codecpar->codec_id) {
        case AV_CODEC_ID_VP8:
            return avcodec_find_decoder_by_name("libvpx");
        case AV_CODEC_ID_VP9:
            return avcodec_find_decoder_by_name("libvpx-vp9");
        default:
            return nullptr;
    }
}

void check_size(const std::string& name, std::int64_t width, std::int64_t height) {
    if (width > max_side || height > max_side) {
        throw Error("cannot open {}: {}x{} is too large, a side may have {} pixels", name, width,
                    height, max_side);
    }
}

}  // namespace

VideoReader::VideoReader(const std::string& place, const Options& options)
    : input_(place, options.stop), packet_(make_av_packet()), stop_(options.stop) {
    if (options.only_pictures && !input_.picture()) {
        throw Error("cannot open {}: it is not a picture that FFmpeg knows", input_.name());
    }
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(input_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (index == AVERROR_DECODER_NOT_FOUND) {
        throw Error("cannot open {}: this FFmpeg has no decoder for its pictures", input_.name());
    }
    const auto streams = std::span(input_.get()->streams, input_.get()->nb_streams);
    // The cover of a music file is listed as a stream of one picture.
    if (index < 0 || (streams[static_cast<std::size_t>(index)]->disposition &
                      AV_DISPOSITION_ATTACHED_PIC) != 0) {
        throw Error("cannot open {}: there are no pictures in it, only sound or text",
                    input_.name());
    }
    for (AVStream* const stream : streams)
        stream->discard = AVDISCARD_ALL;
    stream_ = streams[static_cast<std::size_t>(index)];
    stream_->discard = AVDISCARD_DEFAULT;
    if (!input_.network()) check_picture_file(input_.name());
    if (options.alpha) {
        if (const AVCodec* const other = decoder_with_alpha(*stream_)) codec = other;
    }
    decoder_ = make_av_codec_context(codec);
    open_decoder(options.threads);
}

void VideoReader::check_picture_file(const std::string& path) const {
    const bool png = input_.format_is("png_pipe");
    if (!png && !input_.format_is("jpeg_pipe")) return;
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    const PictureCheck check = png ? check_png(bytes) : check_jpeg(bytes);
    check_size(path, check.width, check.height);
    if (!check.complete) {
        throw Error("cannot open {}: it is not a picture, or it is damaged or cut short", path);
    }
}

void VideoReader::open_decoder(int threads) {
    int code = avcodec_parameters_to_context(decoder_.get(), stream_->codecpar);
    check_size(input_.name(), decoder_->width, decoder_->height);
    decoder_->pkt_timebase = stream_->time_base;
    decoder_->thread_count = threads;
    decoder_->max_pixels = std::int64_t{max_side} * max_side;
    if (strict(decoder_->codec_id)) decoder_->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK;
    if (code >= 0) code = avcodec_open2(decoder_.get(), nullptr, nullptr);
    if (code < 0) {
        throw Error("cannot open {}: the decoder does not start: {}", input_.name(),
                    av_message(code));
    }
}

bool VideoReader::feed() {
    const bool more = input_.read(*packet_);
    if (more && packet_->stream_index != stream_->index) {
        av_packet_unref(packet_.get());
        return true;
    }
    const int code = avcodec_send_packet(decoder_.get(), more ? packet_.get() : nullptr);
    av_packet_unref(packet_.get());
    if (more && code < 0) ++dropped_;
    return more || code >= 0;
}

AvFrame VideoReader::read() {
    AvFrame frame = make_av_frame();
    while (stop_ == nullptr || !stop_->load()) {
        const int code = avcodec_receive_frame(decoder_.get(), frame.get());
        if (code == AVERROR_EOF) break;
        if (code == AVERROR(EAGAIN)) {
            if (!feed()) break;
        } else if (code < 0 || damaged(*frame)) {
            ++dropped_;
        } else {
            check_size(input_.name(), frame->width, frame->height);
            return frame;
        }
        av_frame_unref(frame.get());
    }
    return nullptr;
}

Orientation VideoReader::orientation(const AVFrame& frame) const {
    const std::int32_t* const matrix = display_matrix(*stream_);
    return matrix != nullptr ? orientation_of_matrix(matrix) : orientation_of(frame);
}

AVRational VideoReader::rate() const {
    const AVRational average = stream_->avg_frame_rate;
    const AVRational nominal = stream_->r_frame_rate;
    const double average_hertz = average.den > 0 ? av_q2d(average) : 0;
    const double nominal_hertz = nominal.den > 0 ? av_q2d(nominal) : 0;
    // The average is what counts, but of an even rate the nominal one is the round number.
    constexpr double same = 0.02;
    if (average_hertz <= 0 || std::abs(nominal_hertz / average_hertz - 1) < same) {
        return nominal_hertz > 0 ? nominal : AVRational{0, 1};
    }
    return average;
}

std::int64_t VideoReader::estimated_frames() const {
    if (stream_->nb_frames > 0) return stream_->nb_frames;
    const double hertz = av_q2d(rate());
    const bool own = stream_->duration != AV_NOPTS_VALUE;
    const std::int64_t duration = own ? stream_->duration : input_.get()->duration;
    if (duration == AV_NOPTS_VALUE || duration <= 0) return 0;
    const double seconds =
        static_cast<double>(duration) * (own ? av_q2d(stream_->time_base) : 1.0 / AV_TIME_BASE);
    return std::llround(seconds * hertz);
}

}  // namespace scrim
