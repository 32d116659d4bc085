#include "v4l2/formats.h"

#include <array>

namespace scrim::v4l2 {
namespace {

struct Pair {
    std::uint32_t fourcc;
    PixelFormat format;
};

// Where several names mean one format, the first is used for asking.
constexpr std::array pairs{
    Pair{V4L2_PIX_FMT_YUV420, PixelFormat::yu12}, Pair{V4L2_PIX_FMT_NV12, PixelFormat::nv12},
    Pair{V4L2_PIX_FMT_YUYV, PixelFormat::yuyv},   Pair{V4L2_PIX_FMT_RGB24, PixelFormat::rgb24},
    Pair{V4L2_PIX_FMT_GREY, PixelFormat::gray},   Pair{V4L2_PIX_FMT_MJPEG, PixelFormat::mjpeg},
    Pair{V4L2_PIX_FMT_JPEG, PixelFormat::mjpeg},  Pair{V4L2_PIX_FMT_H264, PixelFormat::h264},
};

}  // namespace

std::optional<PixelFormat> pixel_format_of(std::uint32_t fourcc) {
    for (const auto& pair : pairs) {
        if (pair.fourcc == fourcc) return pair.format;
    }
    return std::nullopt;
}

std::uint32_t fourcc_of(PixelFormat format) {
    for (const auto& pair : pairs) {
        if (pair.format == format) return pair.fourcc;
    }
    return 0;
}

std::string fourcc_text(std::uint32_t fourcc) {
    std::string text;
    for (int shift = 0; shift < 32; shift += 8) {
        const auto letter = static_cast<char>((fourcc >> shift) & 0x7f);
        if (letter > ' ') text += letter;
    }
    return text;
}

ColorTags tags_of(const v4l2_pix_format& format) {
    const bool jpeg = pixel_format_of(format.pixelformat) == PixelFormat::mjpeg;
    if (jpeg) return {Matrix::bt601, Range::full};
    // RGB has no matrix of its own: these are the tags that it is converted to.
    if (format.pixelformat == V4L2_PIX_FMT_RGB24) return {};

    ColorTags tags;
    std::uint32_t encoding = format.ycbcr_enc;
    if (encoding == V4L2_YCBCR_ENC_DEFAULT) {
        encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(format.colorspace);
    }
    const bool is_601 = encoding == V4L2_YCBCR_ENC_601 || encoding == V4L2_YCBCR_ENC_XV601 ||
                        encoding == V4L2_YCBCR_ENC_SYCC;
    tags.matrix = is_601 ? Matrix::bt601 : Matrix::bt709;
    std::uint32_t range = format.quantization;
    if (range == V4L2_QUANTIZATION_DEFAULT) {
        range = V4L2_MAP_QUANTIZATION_DEFAULT(false, format.colorspace, encoding);
    }
    tags.range = range == V4L2_QUANTIZATION_FULL_RANGE ? Range::full : Range::limited;
    return tags;
}

void set_tags(v4l2_pix_format& format, ColorTags tags) {
    const bool is_601 = tags.matrix == Matrix::bt601;
    format.colorspace = is_601 ? V4L2_COLORSPACE_SMPTE170M : V4L2_COLORSPACE_REC709;
    format.ycbcr_enc = is_601 ? V4L2_YCBCR_ENC_601 : V4L2_YCBCR_ENC_709;
    format.quantization =
        tags.range == Range::full ? V4L2_QUANTIZATION_FULL_RANGE : V4L2_QUANTIZATION_LIM_RANGE;
    format.xfer_func = V4L2_XFER_FUNC_DEFAULT;
}

}  // namespace scrim::v4l2
