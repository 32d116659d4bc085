#include "source/v4l2/h264_decoder.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include "util/error.h"

namespace scrim {
namespace {

struct Contents {
    bool picture = false;     // some part of one
    bool key = false;         // one that needs no other
    bool parameters = false;  // of those that follow, or other things to know
};

/// By the types of the units after each start code 00 00 01 (ITU-T H.264, table 7-1 and annex B).
Contents contents_of(std::span<const std::uint8_t> bytes) {
    constexpr int key_slice = 5;
    constexpr int last_parameters = 9;
    Contents contents;
    for (std::size_t i = 0; i + 3 < bytes.size(); ++i) {
        if (bytes[i] != 0 || bytes[i + 1] != 0 || bytes[i + 2] != 1) continue;
        const int type = bytes[i + 3] & 0x1f;
        contents.key = contents.key || type == key_slice;
        contents.picture = contents.picture || (type >= 1 && type <= key_slice);
        contents.parameters = contents.parameters || (type > key_slice && type <= last_parameters);
    }
    return contents;
}

AvCodecContext open_codec(int width, int height) {
    route_av_log();
    const AVCodec* const codec = avcodec_find_decoder(AV_CODEC_ID_H264);
    if (codec == nullptr) throw Error("FFmpeg was built without H.264; try mjpeg: yes");
    AvCodecContext context = make_av_codec_context(codec);
    context->width = width;
    context->height = height;
    context->thread_count = 1;
    context->flags |= AV_CODEC_FLAG_LOW_DELAY;
    // What is not right is an error, not a guess.
    context->err_recognition =
        AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_CAREFUL | AV_EF_EXPLODE;
    const int code = avcodec_open2(context.get(), codec, nullptr);
    if (code < 0) throw Error("cannot start the H.264 decoder: {}", av_message(code));
    return context;
}

}  // namespace

H264Decoder::H264Decoder(int width, int height)
    : width_(width),
      height_(height),
      codec_(open_codec(width, height)),
      packet_(make_av_packet()) {}

void H264Decoder::lose() {
    waits_for_key_ = true;
}

std::optional<Captured> H264Decoder::decode(std::span<const std::uint8_t> packet,
                                            std::uint64_t sequence, Time captured) {
    const Contents contents = contents_of(packet);
    if (waits_for_key_ && contents.picture && !contents.key) {
        ++lost_;
        return std::nullopt;
    }
    if (waits_for_key_ && contents.key) {
        avcodec_flush_buffers(codec_.get());
        waits_for_key_ = false;
    }
    av_packet_unref(packet_.get());
    if (packet.size() > std::size_t(std::numeric_limits<int>::max() / 2) ||
        av_new_packet(packet_.get(), static_cast<int>(packet.size())) < 0) {
        throw std::bad_alloc();
    }
    std::copy(packet.begin(), packet.end(), packet_->data);
    const bool taken = avcodec_send_packet(codec_.get(), packet_.get()) >= 0;
    auto picture = receive(sequence, captured);
    // Parameters by themselves are an error to libavcodec, which waits for a picture behind them.
    const bool only_parameters = contents.parameters && !contents.picture;
    if (only_parameters || (taken && picture)) return picture;
    ++lost_;
    lose();
    return std::nullopt;
}

/// The picture that the decoder has, if it is whole.
std::optional<Captured> H264Decoder::receive(std::uint64_t sequence, Time captured) {
    AvFrame picture = make_av_frame();
    if (avcodec_receive_frame(codec_.get(), picture.get()) < 0) return std::nullopt;
    if ((picture->flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture->decode_error_flags != 0) {
        return std::nullopt;
    }
    // A picture of another size would be stretched: the camera said what it gives.
    if (picture->width != width_ || picture->height != height_) return std::nullopt;
    const ColorTags tags = color_tags_of(*picture);
    Captured out = captured_of(converter_.convert(std::move(picture), width_, height_, tags));
    out.sequence = sequence;
    out.captured = captured;
    return out;
}

}  // namespace scrim
