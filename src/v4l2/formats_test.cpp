#include "v4l2/formats.h"

#include <gtest/gtest.h>

namespace scrim::v4l2 {
namespace {

v4l2_pix_format pix(std::uint32_t fourcc, std::uint32_t colorspace,
                    std::uint32_t encoding = V4L2_YCBCR_ENC_DEFAULT,
                    std::uint32_t quantization = V4L2_QUANTIZATION_DEFAULT) {
    v4l2_pix_format format{};
    format.pixelformat = fourcc;
    format.colorspace = colorspace;
    format.ycbcr_enc = encoding;
    format.quantization = quantization;
    return format;
}

constexpr ColorTags limited_601{Matrix::bt601, Range::limited};
constexpr ColorTags full_601{Matrix::bt601, Range::full};
constexpr ColorTags limited_709{Matrix::bt709, Range::limited};
constexpr ColorTags full_709{Matrix::bt709, Range::full};

TEST(TagsOf, DefaultsFollowTheColorspace) {
    const auto yuyv = [](std::uint32_t colorspace) {
        return tags_of(pix(V4L2_PIX_FMT_YUYV, colorspace));
    };
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_DEFAULT), limited_601);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_SRGB), limited_601);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_SMPTE170M), limited_601);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_470_SYSTEM_BG), limited_601);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_REC709), limited_709);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_DCI_P3), limited_709);
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_BT2020), limited_709) << "the nearest";
    EXPECT_EQ(yuyv(V4L2_COLORSPACE_JPEG), full_601);
}

TEST(TagsOf, WhatTheDriverSaysWins) {
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_NV12, V4L2_COLORSPACE_SRGB, V4L2_YCBCR_ENC_709)),
              limited_709);
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_NV12, V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_601,
                          V4L2_QUANTIZATION_FULL_RANGE)),
              full_601);
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_JPEG, V4L2_YCBCR_ENC_DEFAULT,
                          V4L2_QUANTIZATION_LIM_RANGE)),
              limited_601);
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_XV601)),
              limited_601);
}

TEST(TagsOf, JpegIsFullRange601WhateverTheDriverSays) {
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_MJPEG, V4L2_COLORSPACE_SRGB)), full_601);
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_JPEG, V4L2_COLORSPACE_REC709, V4L2_YCBCR_ENC_709,
                          V4L2_QUANTIZATION_LIM_RANGE)),
              full_601);
}

TEST(TagsOf, RgbIsConvertedToTheUsualTags) {
    EXPECT_EQ(tags_of(pix(V4L2_PIX_FMT_RGB24, V4L2_COLORSPACE_SRGB)), limited_601);
}

TEST(SetTags, ComeBackFromTheFormat) {
    for (const auto tags : {limited_601, full_601, limited_709, full_709}) {
        auto format = pix(V4L2_PIX_FMT_YUYV, V4L2_COLORSPACE_DEFAULT);
        set_tags(format, tags);
        EXPECT_EQ(tags_of(format), tags);
    }
}

TEST(PixelFormats, GoBothWays) {
    for (const auto format :
         {PixelFormat::yu12, PixelFormat::nv12, PixelFormat::yuyv, PixelFormat::rgb24,
          PixelFormat::gray, PixelFormat::mjpeg, PixelFormat::h264}) {
        EXPECT_EQ(pixel_format_of(fourcc_of(format)), format);
    }
    EXPECT_EQ(pixel_format_of(V4L2_PIX_FMT_HEVC), std::nullopt);
    EXPECT_EQ(fourcc_text(V4L2_PIX_FMT_YUYV), "YUYV");
    EXPECT_EQ(fourcc_text(V4L2_PIX_FMT_Y10), "Y10");
}

}  // namespace
}  // namespace scrim::v4l2
