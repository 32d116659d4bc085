#include "v4l2/layout.h"

#include <gtest/gtest.h>

namespace scrim::v4l2 {
namespace {

Layout layout(PixelFormat format, std::uint32_t width, std::uint32_t height,
              std::uint32_t bytesperline) {
    v4l2_pix_format pix{};
    pix.width = width;
    pix.height = height;
    pix.bytesperline = bytesperline;
    return layout_of(format, pix);
}

TEST(Layout, TightPicturesAreAsLongAsPackedOnes) {
    for (const auto format : {PixelFormat::yu12, PixelFormat::nv12, PixelFormat::yuyv,
                              PixelFormat::rgb24, PixelFormat::gray}) {
        EXPECT_EQ(layout(format, 640, 480, 0).size, packed_size(format, 640, 480))
            << name_of(format);
        EXPECT_EQ(layout(format, 2, 2, 0).size, packed_size(format, 2, 2)) << name_of(format);
    }
    EXPECT_EQ(layout(PixelFormat::mjpeg, 640, 480, 0).size, 0U);
}

TEST(Layout, LinesMayBeLongerThanThePictureIsWide) {
    const auto yuyv = layout(PixelFormat::yuyv, 600, 400, 1280);
    EXPECT_EQ(yuyv.stride[0], 1280);
    EXPECT_EQ(yuyv.size, 1280U * 399 + 1200) << "the last line's padding may be missing";

    const auto nv12 = layout(PixelFormat::nv12, 600, 400, 640);
    EXPECT_EQ(nv12.stride[1], 640);
    EXPECT_EQ(nv12.offset[1], 640U * 400);
    EXPECT_EQ(nv12.size, 640U * 400 + 640U * 199 + 600);

    const auto yu12 = layout(PixelFormat::yu12, 600, 400, 640);
    EXPECT_EQ(yu12.stride[1], 320);
    EXPECT_EQ(yu12.stride[2], 320);
    EXPECT_EQ(yu12.offset[1], 640U * 400);
    EXPECT_EQ(yu12.offset[2], 640U * 400 + 320U * 200);
    EXPECT_EQ(yu12.size, 640U * 400 + 320U * 200 + 320U * 199 + 300);
}

TEST(Layout, ALineThatIsTooShortIsNotBelieved) {
    EXPECT_EQ(layout(PixelFormat::yuyv, 640, 480, 640).stride[0], 1280);
}

}  // namespace
}  // namespace scrim::v4l2
