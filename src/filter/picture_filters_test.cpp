// The filters that give a picture of their own or take the colour away.

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "filter/test_pictures.h"
#include "frame/picture.h"

namespace scrim {
namespace {

using test::filtered;

/// Files for one test, in a folder of its own.
class ImageFilter : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  fmt::format("scrim_image_{}_{}", getpid(),
                              testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Frame shown(const Frame& picture, const Frame& frame, const std::string& more = "") const {
        write_png(picture, folder_ / "picture.png");
        Frame out = frame;
        filter_of_picture(frame, more)->apply(out, {});
        return out;
    }
    std::unique_ptr<Filter> filter_of_picture(const Frame& frame, const std::string& more) const {
        return test::filter_of(fmt::format(R"(["image", "picture.png"{}])", more), frame, folder_);
    }

    std::filesystem::path folder_;
};

TEST_F(ImageFilter, StretchesAPictureToTheFrame) {
    const YuvColor color = yuv_of_rgb(200, 30, 90, {});
    const Frame frame = test::noise_frame(37, 21, 1);
    for (const int size : {1, 8, 37, 200}) {
        const Frame out = shown(solid_frame(size, size + 1, {}, color), frame);
        EXPECT_EQ(out.width(), 37);
        EXPECT_EQ(out.height(), 21);
        EXPECT_TRUE(out.opaque());
        EXPECT_LE(test::difference(out, solid_frame(37, 21, {}, color)), 2) << size;
    }
}

TEST_F(ImageFilter, ConvertsToTheTagsOfTheFrame) {
    const ColorTags tags{Matrix::bt709, Range::full};
    const Frame frame = test::noise_frame(16, 16, 1, tags);
    const Frame out = shown(solid_frame(16, 16, {}, yuv_of_rgb(200, 30, 90, {})), frame);
    EXPECT_TRUE(out.tags == tags);
    EXPECT_LE(test::difference(out, solid_frame(16, 16, tags, yuv_of_rgb(200, 30, 90, tags))), 3);
}

TEST_F(ImageFilter, KeepsHardPixelsWithNearest) {
    Frame picture = solid_frame(4, 4, {}, {16, 128, 128});
    for (int y = 0; y < 4; ++y)
        picture.y.writable_row(y)[2] = 235;
    const Frame frame = test::noise_frame(40, 40, 1);
    const Frame nearest = shown(picture, frame, R"(, "nearest")");
    const Frame linear = shown(picture, frame, R"(, {interpolation_method: LINEAR})");
    for (int x = 0; x < 40; ++x) {
        EXPECT_NEAR(nearest.y.row(7)[x], x / 10 == 2 ? 235 : 16, 1) << x;
    }
    EXPECT_NEAR(linear.y.row(7)[20], 136, 3);  // 5.5 of the 10 pixels between the two centres
    EXPECT_GT(linear.y.row(7)[20], linear.y.row(7)[17]);
}

/// A fine pattern seen from afar is grey, not a selection of its pixels.
TEST_F(ImageFilter, AveragesWhatIsMuchTooLarge) {
    Frame picture = solid_frame(80, 80, {}, {16, 128, 128});
    for (int y = 0; y < 80; ++y) {
        for (int x = y % 2; x < 80; x += 2)
            picture.y.writable_row(y)[x] = 235;
    }
    const Frame out = shown(picture, test::noise_frame(10, 10, 1));
    for (int x = 0; x < 10; ++x)
        EXPECT_NEAR(out.y.row(5)[x], 126, 3);
}

TEST_F(ImageFilter, KeepsAlphaAndHidesInvisibleColours) {
    Frame picture = solid_frame(8, 8, {}, {16, 128, 128}, 0);
    for (int y = 0; y < 8; ++y) {
        for (int x = 0; x < 8; ++x) {
            picture.alpha.writable_row(y)[x] = x < 4 ? 0 : 255;
            picture.y.writable_row(y)[x] = x < 4 ? 235 : 16;  // white where nobody sees it
        }
    }
    const Frame out = shown(picture, test::noise_frame(64, 64, 1));
    ASSERT_FALSE(out.opaque());
    EXPECT_EQ(out.alpha.row(9)[2], 0);
    EXPECT_EQ(out.alpha.row(9)[60], 255);
    EXPECT_NEAR(out.alpha.row(9)[32], 143, 3);  // 4.5 of the 8 pixels between the two centres
    for (int x = 0; x < 64; ++x) {
        if (out.alpha.row(9)[x] > 0) {
            EXPECT_LE(out.y.row(9)[x], 18) << x;
        }
    }
}

TEST_F(ImageFilter, FitsAsItIsTold) {
    // 80x40 into 40x40: a red middle between blue sides
    Frame picture = solid_frame(80, 40, {}, yuv_of_rgb(20, 20, 220, {}));
    const YuvColor red = yuv_of_rgb(220, 20, 20, {});
    for (int y = 0; y < 40; ++y)
        std::fill_n(picture.y.writable_row(y) + 20, 40, red.y);
    for (int y = 0; y < 20; ++y) {
        std::fill_n(picture.u.writable_row(y) + 10, 20, red.u);
        std::fill_n(picture.v.writable_row(y) + 10, 20, red.v);
    }
    const Frame frame = test::noise_frame(40, 40, 1);
    const auto luma = [&](const std::string& fit, int x, int y) {
        return int{shown(picture, frame, ", {fit: " + fit + "}").y.row(y)[x]};
    };
    const int blue = yuv_of_rgb(20, 20, 220, {}).y;
    EXPECT_NEAR(luma("stretch", 3, 20), blue, 2);
    EXPECT_NEAR(luma("stretch", 20, 20), red.y, 2);
    EXPECT_NEAR(luma("cover", 1, 20), red.y, 2) << "the sides are cut off";
    EXPECT_NEAR(luma("cover", 38, 1), red.y, 2);
    const Frame contained = shown(picture, frame, ", {fit: contain}");
    ASSERT_FALSE(contained.opaque());
    EXPECT_EQ(contained.alpha.row(9)[20], 0);
    EXPECT_EQ(contained.alpha.row(10)[20], 255);
    EXPECT_EQ(contained.alpha.row(29)[20], 255);
    EXPECT_EQ(contained.alpha.row(30)[20], 0);
    EXPECT_NEAR(contained.y.row(20)[3], blue, 2);
    EXPECT_NEAR(contained.y.row(20)[20], red.y, 2);
}

TEST_F(ImageFilter, StandsInForAFileThatIsMissing) {
    const Frame frame = test::noise_frame(64, 48, 1);
    const auto reason = [&](const std::string& yaml) {
        const auto filter = test::filter_of(yaml, frame, folder_);
        EXPECT_FALSE(filter->traits().changes);
        EXPECT_EQ(filter->files(), std::vector<std::filesystem::path>{folder_ / "picture.png"});
        Frame out = frame;
        filter->apply(out, {});
        EXPECT_TRUE(out.opaque());
        EXPECT_GT(test::difference(out.y, Plane::filled(64, 48, out.y.row(0)[0])), 40) << "tiles";
        EXPECT_TRUE(test::is_filled(out.u, 128));
        return filter->missing();
    };
    const std::string file = (folder_ / "picture.png").string();
    EXPECT_EQ(reason(R"(["image", "picture.png"])"),
              "cannot open " + file + ": there is no such file");
    std::ofstream(folder_ / "picture.png") << "this is not a picture";
    EXPECT_EQ(reason(R"(["image", "picture.png"])"),
              "cannot open " + file + ": it is not a picture, or it is damaged or cut short");
    EXPECT_THROW(test::filter_of(R"(["image"])", frame), ConfigError) << "no path";
}

TEST(SolidColor, FillsTheFrameOpaquely) {
    for (const ColorTags tags : {ColorTags{}, ColorTags{Matrix::bt709, Range::full}}) {
        Frame frame = test::noise_frame(17, 9, 2, tags);
        frame.alpha = test::noise(17, 9, 3);
        const Frame out = filtered(R"(["solid_color", {r: 20, g: 30, b: 160}])", frame);
        EXPECT_TRUE(out.opaque());
        EXPECT_TRUE(out.tags == tags);
        EXPECT_EQ(test::difference(out, solid_frame(17, 9, tags, yuv_of_rgb(20, 30, 160, tags))),
                  0);
    }
}

TEST(SolidColor, IsBlackByDefault) {
    const Frame out = filtered(R"(["solid_color"])", test::noise_frame(4, 4, 2));
    EXPECT_TRUE(test::is_filled(out.y, 16));
    EXPECT_TRUE(test::is_filled(out.u, 128));
}

TEST(Grayscale, KeepsLumaAndAlphaUncopied) {
    Frame frame = test::noise_frame(17, 9, 2);
    frame.alpha = test::noise(17, 9, 3);
    const Frame out = filtered(R"(["grayscale"])", frame);
    EXPECT_TRUE(out.y.shares_pixels_with(frame.y));
    EXPECT_TRUE(out.alpha.shares_pixels_with(frame.alpha));
    EXPECT_TRUE(test::is_filled(out.u, 128));
    EXPECT_TRUE(test::is_filled(out.v, 128));
}

TEST(FilterRegistry, SuggestsTheNameThatWasMeant) {
    const Frame frame = test::noise_frame(4, 4, 2);
    try {
        test::filter_of(R"(["blurr", 3])", frame);
        FAIL() << "no error";
    } catch (const ConfigError& error) {
        EXPECT_NE(
            std::string(error.what()).find("unknown filter \"blurr\"; did you mean \"blur\"?"),
            std::string::npos)
            << error.what();
    }
}

TEST(FilterRegistry, ReportsWrongArguments) {
    const Frame frame = test::noise_frame(4, 4, 2);
    EXPECT_THROW(test::filter_of(R"(["blur", "thick"])", frame), ConfigError);
    EXPECT_THROW(test::filter_of(R"(["blur", {strength: 3}])", frame), ConfigError);
    EXPECT_THROW(test::filter_of(R"(["solid_color", 256, 0, 0])", frame), ConfigError);
}

TEST(FilterRegistry, IsInOrder) {
    for (std::size_t i = 1; i < filter_kinds().size(); ++i) {
        EXPECT_LT(filter_kinds()[i - 1].name, filter_kinds()[i].name);
    }
    EXPECT_EQ(find_filter("no such filter"), nullptr);
}

}  // namespace
}  // namespace scrim
