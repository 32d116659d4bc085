#include "frame/ffmpeg.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include <libyuv.h>
#include <spdlog/spdlog.h>

namespace scrim {
namespace {

template <typename Owner, typename Pointer>
Owner owned(Pointer* pointer) {
    if (pointer == nullptr) throw std::bad_alloc();
    return Owner(pointer);
}

/// Called by FFmpeg from any of its threads.
void log_line(void* context, int level, const char* format, std::va_list arguments) noexcept {
    if (level > AV_LOG_INFO || !spdlog::should_log(spdlog::level::debug)) return;
    std::array<char, 1024> line{};
    int print_prefix = 1;
    av_log_format_line2(context, level, format, arguments, line.data(),
                        static_cast<int>(line.size()), &print_prefix);
    std::string_view text = line.data();
    while (!text.empty() && text.back() == '\n')
        text.remove_suffix(1);
    if (!text.empty()) spdlog::debug("FFmpeg: {}", text);
}

Orientation orientation_of_exif(int tag) {
    switch (tag) {
        case 2:
            return {false, true, false};
        case 3:
            return {false, true, true};
        case 4:
            return {false, false, true};
        case 5:
            return {true, false, false};
        case 6:
            return {true, true, false};
        case 7:
            return {true, true, true};
        case 8:
            return {true, false, true};
        default:
            return {};
    }
}

}  // namespace

AvFrame make_av_frame() {
    return owned<AvFrame>(av_frame_alloc());
}

AvPacket make_av_packet() {
    return owned<AvPacket>(av_packet_alloc());
}

AvCodecContext make_av_codec_context(const AVCodec* codec) {
    return owned<AvCodecContext>(avcodec_alloc_context3(codec));
}

std::string av_message(int code) {
    std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
    av_strerror(code, text.data(), text.size());
    return text.data();
}

void route_av_log() {
    [[maybe_unused]] static const bool routed = [] {
        av_log_set_callback(log_line);
        return true;
    }();
}

bool is_rgb(AVPixelFormat format) {
    const auto* const description = av_pix_fmt_desc_get(format);
    return description != nullptr &&
           (description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

bool is_gray(AVPixelFormat format) {
    const auto* const description = av_pix_fmt_desc_get(format);
    return description != nullptr && description->nb_components <= 2 && !is_rgb(format);
}

ColorTags color_tags_of(const AVFrame& frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    if (is_rgb(format)) return {Matrix::bt601, Range::full};
    if (is_gray(format)) {
        return {Matrix::bt601,
                frame.color_range == AVCOL_RANGE_MPEG ? Range::limited : Range::full};
    }

    bool full = frame.color_range == AVCOL_RANGE_JPEG;
    switch (format) {
        case AV_PIX_FMT_YUVJ411P:
        case AV_PIX_FMT_YUVJ420P:
        case AV_PIX_FMT_YUVJ422P:
        case AV_PIX_FMT_YUVJ440P:
        case AV_PIX_FMT_YUVJ444P:
            full = true;
            break;
        default:
            break;
    }
    ColorTags tags;
    tags.range = full ? Range::full : Range::limited;
    constexpr int first_hd_height = 720;
    switch (frame.colorspace) {
        case AVCOL_SPC_BT709:
        case AVCOL_SPC_BT2020_NCL:  // Scrim has no third matrix; this one is the nearer of the two
        case AVCOL_SPC_BT2020_CL:
            tags.matrix = Matrix::bt709;
            break;
        case AVCOL_SPC_UNSPECIFIED:
        case AVCOL_SPC_RESERVED:
            tags.matrix = !full && frame.height >= first_hd_height ? Matrix::bt709 : Matrix::bt601;
            break;
        default:
            tags.matrix = Matrix::bt601;
    }
    return tags;
}

Orientation orientation_of_matrix(const std::int32_t* matrix) {
    // Column x, row y of the stored picture are shown at (x * m0 + y * m3, x * m1 + y * m4).
    const auto magnitude = [&](int i) { return std::abs(static_cast<double>(matrix[i])); };
    if (magnitude(1) + magnitude(3) > magnitude(0) + magnitude(4)) {
        return {true, matrix[3] < 0, matrix[1] < 0};
    }
    return {false, matrix[0] < 0, matrix[4] < 0};
}

Orientation orientation_of(const AVFrame& frame) {
    const auto* const side_data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (side_data != nullptr && side_data->size >= 9 * sizeof(std::int32_t)) {
        std::array<std::int32_t, 9> matrix{};
        std::memcpy(matrix.data(), side_data->data, sizeof matrix);
        return orientation_of_matrix(matrix.data());
    }
    const auto* const entry = av_dict_get(frame.metadata, "Orientation", nullptr, 0);
    if (entry == nullptr) return {};
    std::string_view value = entry->value;
    while (value.starts_with(' '))
        value.remove_prefix(1);
    int tag = 0;
    std::from_chars(value.data(), value.data() + value.size(), tag);
    return orientation_of_exif(tag);
}

Plane oriented(const Plane& plane, Orientation o) {
    if (o.upright()) return plane;
    Plane turned = plane;
    bool mirror = o.mirror;
    if (o.transpose) {
        // A quarter turn clockwise is a transposition and a mirror image.
        turned = Plane(plane.height(), plane.width());
        libyuv::RotatePlane(plane.data(), plane.stride(), turned.overwritable(), turned.stride(),
                            plane.width(), plane.height(), libyuv::kRotate90);
        mirror = !mirror;
    }
    if (!mirror && !o.flip) return turned;
    Plane out(turned.width(), turned.height());
    const int height =
        o.flip ? -turned.height() : turned.height();  // libyuv's way to say upside down
    if (mirror) {
        libyuv::MirrorPlane(turned.data(), turned.stride(), out.overwritable(), out.stride(),
                            turned.width(), height);
    } else {
        libyuv::CopyPlane(turned.data(), turned.stride(), out.overwritable(), out.stride(),
                          turned.width(), height);
    }
    return out;
}

}  // namespace scrim
