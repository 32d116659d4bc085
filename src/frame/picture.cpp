#include "frame/picture.h"

#include <cstddef>
#include <string>
#include <utility>

#include <libyuv.h>

#include "frame/av_convert.h"
#include "frame/convert.h"
#include "frame/video_reader.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace scrim {
namespace {

struct DecodedPicture {
    AvFrame frame;
    Orientation orientation;
};

DecodedPicture decode(const std::filesystem::path& path) {
    VideoReader::Options options;
    options.only_pictures = true;
    VideoReader reader(path.string(), options);
    AvFrame frame = reader.read();
    if (!frame) {
        throw Error("cannot open {}: it is not a picture, or it is damaged or cut short",
                    path.string());
    }
    const Orientation orientation = reader.orientation(*frame);
    return {std::move(frame), orientation};
}

AvPacket encode_png(const Frame& frame) {
    route_av_log();
    const AVCodec* const codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
    if (codec == nullptr) throw Error("this FFmpeg cannot write PNG pictures");
    const AvCodecContext encoder = make_av_codec_context(codec);
    encoder->width = frame.width();
    encoder->height = frame.height();
    encoder->pix_fmt = frame.opaque() ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_RGBA;
    encoder->time_base = {1, 1};
    encoder->thread_count = 1;

    AvFrame pixels = make_av_frame();
    pixels->width = frame.width();
    pixels->height = frame.height();
    pixels->format = encoder->pix_fmt;
    AvPacket packet = make_av_packet();
    int code = av_frame_get_buffer(pixels.get(), 0);
    if (code >= 0) {
        const auto fill = frame.opaque() ? to_rgb24 : to_rgba;
        fill(frame, pixels->data[0], pixels->linesize[0]);
        code = avcodec_open2(encoder.get(), codec, nullptr);
    }
    if (code >= 0) code = avcodec_send_frame(encoder.get(), pixels.get());
    if (code >= 0) code = avcodec_send_frame(encoder.get(), nullptr);
    if (code >= 0) code = avcodec_receive_packet(encoder.get(), packet.get());
    if (code < 0) throw Error("cannot make a PNG picture: {}", av_message(code));
    return packet;
}

}  // namespace

/// A pixel of four bytes is one unit: their order does not matter to libyuv, whose name for it is
/// ARGB.
Picture oriented(Picture picture, Orientation o) {
    const auto turn = [&](int width, int height, auto&& operation) {
        std::vector<std::uint8_t> out(picture.rgba.size());
        operation(picture.rgba.data(), picture.width * 4, out.data(), width * 4);
        picture.rgba = std::move(out);
        picture.width = width;
        picture.height = height;
    };
    const int width = picture.width;
    const int height = picture.height;
    if (o.transpose) {
        // A quarter turn clockwise is a transposition and a mirror image.
        turn(height, width, [&](const auto* in, int in_stride, auto* out, int out_stride) {
            libyuv::ARGBRotate(in, in_stride, out, out_stride, width, height, libyuv::kRotate90);
        });
        o.mirror = !o.mirror;
    }
    if (!o.mirror && !o.flip) return picture;
    turn(picture.width, picture.height,
         [&](const auto* in, int in_stride, auto* out, int out_stride) {
             const int rows = o.flip ? -picture.height : picture.height;  // negative: upside down
             const auto copy = o.mirror ? libyuv::ARGBMirror : libyuv::ARGBCopy;
             copy(in, in_stride, out, out_stride, picture.width, rows);
         });
    return picture;
}

Picture read_picture(const std::filesystem::path& path) {
    const DecodedPicture decoded = decode(path);
    return oriented(rgba_of(*decoded.frame), decoded.orientation);
}

Plane read_gray_picture(const std::filesystem::path& path) {
    const DecodedPicture decoded = decode(path);
    const AVFrame& picture = *decoded.frame;
    const Picture rgba = rgba_of(picture);
    Plane plane(rgba.width, rgba.height);
    const bool gray = is_gray(static_cast<AVPixelFormat>(picture.format));
    for (int y = 0; y < rgba.height; ++y) {
        const std::uint8_t* in = rgba.rgba.data() + static_cast<std::size_t>(y) * 4 *
                                                        static_cast<std::size_t>(rgba.width);
        std::uint8_t* const out = plane.writable_row(y);
        for (int x = 0; x < rgba.width; ++x, in += 4) {
            // BT.601 luma of full range, in thousandths.
            out[x] = gray ? in[0]
                          : static_cast<std::uint8_t>(
                                (299 * in[0] + 587 * in[1] + 114 * in[2] + 500) / 1000);
        }
    }
    return oriented(plane, decoded.orientation);
}

void write_png(const Frame& frame, const std::filesystem::path& path) {
    AtomicFile file(path);
    const AvPacket packet = encode_png(frame);
    file.write(packet->data, static_cast<std::size_t>(packet->size));
    file.finish();
}

}  // namespace scrim
