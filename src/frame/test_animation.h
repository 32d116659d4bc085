#pragma once

// Animations and videos for tests, written by FFmpeg's libraries.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "frame/ffmpeg.h"
#include "frame/picture.h"

namespace scrim::test {

struct Rgba {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;
};

inline Picture solid_picture(int width, int height, Rgba color) {
    Picture picture;
    picture.width = width;
    picture.height = height;
    for (int i = 0; i < width * height; ++i)
        picture.rgba.insert(picture.rgba.end(), {color.r, color.g, color.b, color.a});
    return picture;
}

namespace detail {

inline void check(int code, const char* what) {
    if (code < 0) throw std::runtime_error(std::string(what) + ": " + av_message(code));
}

/// Pixels in the format of the encoder; for GIF a palette of its own colours and a clear one.
inline AvFrame av_frame_of(const Picture& picture, AVPixelFormat format) {
    AvFrame frame = make_av_frame();
    frame->format = format;
    frame->width = picture.width;
    frame->height = picture.height;
    check(av_frame_get_buffer(frame.get(), 0), "frame");
    std::vector<std::uint32_t> palette{0};
    for (int y = 0; y < picture.height; ++y) {
        const std::uint8_t* in = picture.rgba.data() + static_cast<std::size_t>(4 * picture.width) *
                                                           static_cast<std::size_t>(y);
        std::uint8_t* out = frame->data[0] + std::ptrdiff_t{frame->linesize[0]} * y;
        for (int x = 0; x < picture.width; ++x, in += 4) {
            if (format == AV_PIX_FMT_RGBA) {
                std::memcpy(out + 4 * x, in, 4);
            } else if (format == AV_PIX_FMT_BGRA) {
                const std::uint8_t pixel[]{in[2], in[1], in[0], in[3]};
                std::memcpy(out + 4 * x, pixel, 4);
            } else {
                const std::uint32_t color = in[3] == 0 ? 0
                                                       : 0xFF000000U | std::uint32_t{in[0]} << 16 |
                                                             std::uint32_t{in[1]} << 8 | in[2];
                std::size_t entry = 0;
                while (entry < palette.size() && palette[entry] != color)
                    ++entry;
                if (entry == palette.size()) palette.push_back(color);
                out[x] = static_cast<std::uint8_t>(entry);
            }
        }
    }
    if (format == AV_PIX_FMT_PAL8) {
        palette.resize(256, 0xFF000000U);
        std::memcpy(frame->data[1], palette.data(), 1024);
    }
    return frame;
}

}  // namespace detail

/// Writes pictures of one size with their times in milliseconds, by the ending of the file: .gif
/// (whole hundredths of a second, at most 255 colours, alpha 0 or 255), .png (one picture with a
/// palette), .apng, .webp (lossless), or
/// a video without loss (.mkv, .avi: FFV1, alpha kept).
inline void write_animation(const std::filesystem::path& path, const std::vector<Picture>& pictures,
                            const std::vector<int>& milliseconds) {
    using detail::check;
    route_av_log();
    const std::string ending = path.extension().string();
    AVCodecID id = AV_CODEC_ID_FFV1;
    const char* encoder_name = "ffv1";
    AVPixelFormat format = AV_PIX_FMT_BGRA;
    if (ending == ".gif") {
        id = AV_CODEC_ID_GIF;
        encoder_name = "gif";
        format = AV_PIX_FMT_PAL8;
    } else if (ending == ".png") {
        id = AV_CODEC_ID_PNG;
        encoder_name = "png";
        format = AV_PIX_FMT_PAL8;
    } else if (ending == ".apng") {
        id = AV_CODEC_ID_APNG;
        encoder_name = "apng";
        format = AV_PIX_FMT_RGBA;
    } else if (ending == ".webp") {
        id = AV_CODEC_ID_WEBP;
        encoder_name = "libwebp_anim";
    }
    const AVCodec* const codec = avcodec_find_encoder_by_name(encoder_name);
    if (codec == nullptr || codec->id != id) throw std::runtime_error("no encoder");

    AVFormatContext* container = nullptr;
    check(avformat_alloc_output_context2(&container, nullptr, nullptr, path.c_str()), "container");
    const AvCodecContext encoder = make_av_codec_context(codec);
    encoder->width = pictures.at(0).width;
    encoder->height = pictures.at(0).height;
    encoder->pix_fmt = format;
    encoder->time_base = {1, 1000};
    if ((container->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    AvOptions options;
    if (ending == ".webp") options.set("lossless", "1");
    check(avcodec_open2(encoder.get(), codec, options.get()), "encoder");
    AVStream* const stream = avformat_new_stream(container, nullptr);
    check(avcodec_parameters_from_context(stream->codecpar, encoder.get()), "parameters");
    stream->time_base = encoder->time_base;
    if ((container->oformat->flags & AVFMT_NOFILE) == 0) {
        check(avio_open(&container->pb, path.c_str(), AVIO_FLAG_WRITE), "file");
    }
    AvOptions muxer;
    if (ending == ".png") muxer.set("update", "1");
    if (ending == ".gif") muxer.set("final_delay", std::to_string(milliseconds.back() / 10));
    check(avformat_write_header(container, muxer.get()), "header");

    const AvPacket packet = make_av_packet();
    const auto drain = [&] {
        while (avcodec_receive_packet(encoder.get(), packet.get()) >= 0) {
            av_packet_rescale_ts(packet.get(), encoder->time_base, stream->time_base);
            packet->stream_index = stream->index;
            check(av_write_frame(container, packet.get()), "packet");
            av_packet_unref(packet.get());
        }
    };
    std::int64_t time = 0;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        AvFrame frame = detail::av_frame_of(pictures[i], format);
        frame->pts = time;
        time += milliseconds.at(i);
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
        frame->duration = milliseconds[i];
#else
        frame->pkt_duration = milliseconds[i];
#endif
        check(avcodec_send_frame(encoder.get(), frame.get()), "picture");
        drain();
    }
    check(avcodec_send_frame(encoder.get(), nullptr), "end");
    drain();
    check(av_write_trailer(container), "trailer");
    if ((container->oformat->flags & AVFMT_NOFILE) == 0) avio_closep(&container->pb);
    avformat_free_context(container);
}

}  // namespace scrim::test
