#include "filter/change_alpha.h"

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

using test::filtered;

Frame with_all_alphas() {
    Frame frame = test::noise_frame(256, 2, 3);
    frame.alpha = Plane(256, 2);
    for (int y = 0; y < 2; ++y) {
        for (int x = 0; x < 256; ++x)
            frame.alpha.writable_row(y)[x] = static_cast<std::uint8_t>(x);
    }
    return frame;
}

void expect_alphas(const std::string& filter, int change, int least, int most) {
    const Frame frame = with_all_alphas();
    const Frame out = filtered(filter, frame);
    ASSERT_FALSE(out.opaque()) << filter;
    for (int x = 0; x < 256; ++x) {
        EXPECT_EQ(out.alpha.row(1)[x], std::min(std::max(x + change, least), most)) << filter << x;
        EXPECT_EQ(frame.alpha.row(1)[x], x) << "the input's own alpha changed";
    }
    EXPECT_TRUE(out.y.shares_pixels_with(frame.y));
}

TEST(ChangeAlpha, AddsAndClips) {
    expect_alphas(R"(["change_alpha", -110])", -110, 0, 255);
    expect_alphas(R"(["change_alpha", 40])", 40, 0, 255);
    expect_alphas(R"(["change_alpha", 40, 50, 200])", 40, 50, 200);
    expect_alphas(R"(["change_alpha", {alpha_min: 10}])", 0, 10, 255);
    expect_alphas(R"(["change_alpha", 0, 200, 100])", 0, 200, 100);
    expect_alphas(R"(["change_alpha", -300, 20, 255])", -300, 20, 255);
}

TEST(ChangeAlpha, KnowsBothOldNames) {
    expect_alphas(R"(["change_alpha", {alpha_change: -5}])", -5, 0, 255);
    expect_alphas(R"(["change_alpha", {change_alpha: -5}])", -5, 0, 255);
}

TEST(ChangeAlpha, MakesAnOpaquePictureTranslucent) {
    const Frame frame = test::noise_frame(9, 5, 3);
    EXPECT_TRUE(test::is_filled(filtered(R"(["change_alpha", -55])", frame).alpha, 200));
    EXPECT_TRUE(filtered(R"(["change_alpha", 55])", frame).opaque());
}

TEST(ChangeAlpha, DropsAlphaThatIsFullEverywhere) {
    EXPECT_TRUE(filtered(R"(["change_alpha", 255])", with_all_alphas()).opaque());
    EXPECT_TRUE(filtered(R"(["change_alpha", {alpha_min: 255}])", with_all_alphas()).opaque());
}

}  // namespace
}  // namespace scrim
