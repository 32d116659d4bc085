#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

/// A camera of which a test says what it shows.
class FakeFeed final : public CameraFeed {
  public:
    Frame newest() override { return picture; }
    Frame picture;
};

class WebcamFilter : public testing::Test {
  protected:
    std::unique_ptr<Filter> filter(const std::string& more = "") {
        auto made = test::filter_of(fmt::format(R"(["webcam", 2{}])", more), frame_);
        StreamContext stream{frame_.width(), frame_.height(), frame_.tags};
        stream.open_camera = [this](const std::string& device) {
            EXPECT_EQ(device, "2");
            return feed_;
        };
        made->prepare(stream);
        return made;
    }
    Frame shown(Filter& filter) const {
        Frame out = frame_;
        filter.apply(out, {});
        return out;
    }
    static bool is_checkerboard(const Frame& frame) {
        return frame.opaque() && !test::is_filled(frame.y, frame.y.row(0)[0]) &&
               test::is_filled(frame.u, 128) && test::is_filled(frame.v, 128);
    }

    Frame frame_ = test::noise_frame(64, 36, 1, {Matrix::bt709, Range::full});
    std::shared_ptr<FakeFeed> feed_ = std::make_shared<FakeFeed>();
};

TEST_F(WebcamFilter, ShowsTheNewestPictureInTheStreamsSizeAndTags) {
    const auto webcam = filter();
    EXPECT_TRUE(webcam->traits().changes);
    EXPECT_TRUE(webcam->traits().replaces_input);
    EXPECT_TRUE(is_checkerboard(shown(*webcam))) << "none yet";
    for (const int red : {30, 200}) {
        feed_->picture = solid_frame(160, 120, {}, yuv_of_rgb(red, 80, 120, {}));
        const Frame out = shown(*webcam);
        EXPECT_TRUE(out.tags == frame_.tags);
        const Frame expected =
            solid_frame(64, 36, frame_.tags, yuv_of_rgb(red, 80, 120, frame_.tags));
        EXPECT_LE(test::difference(out, expected), 2);
    }
    feed_->picture = Frame();
    EXPECT_TRUE(is_checkerboard(shown(*webcam))) << "lost";
    EXPECT_EQ(webcam->missing(), "");
}

TEST_F(WebcamFilter, FitsAPictureOnlyOnce) {
    feed_->picture = test::noise_frame(160, 120, 3);
    const auto webcam = filter();
    const Frame first = shown(*webcam);
    EXPECT_TRUE(shown(*webcam).y.shares_pixels_with(first.y));
    ++feed_->picture.sequence;  // a still picture that is repeated
    EXPECT_TRUE(shown(*webcam).y.shares_pixels_with(first.y));
    feed_->picture = test::noise_frame(160, 120, 4);
    EXPECT_FALSE(shown(*webcam).y.shares_pixels_with(first.y));
}

TEST_F(WebcamFilter, FitsAsItIsTold) {
    feed_->picture = solid_frame(100, 100, {}, yuv_of_rgb(200, 80, 120, {}));
    EXPECT_TRUE(shown(*filter()).opaque());
    EXPECT_TRUE(shown(*filter(", cover")).opaque());
    const Frame contained = shown(*filter(", {fit: contain, interpolation_method: NEAREST}"));
    ASSERT_FALSE(contained.opaque());
    EXPECT_EQ(contained.alpha.row(18)[13], 0);
    EXPECT_EQ(contained.alpha.row(18)[14], 255);
    EXPECT_EQ(contained.alpha.row(18)[49], 255);
    EXPECT_EQ(contained.alpha.row(18)[50], 0);
}

TEST_F(WebcamFilter, WithoutACameraAPlaceholderIsShown) {
    auto webcam = test::filter_of(R"(["webcam", "/dev/video7"])", frame_);
    EXPECT_TRUE(is_checkerboard(shown(*webcam)));
    EXPECT_EQ(webcam->missing(), "") << "nobody could have opened it";

    StreamContext stream{frame_.width(), frame_.height(), frame_.tags};
    stream.open_camera = [](const std::string& device) -> std::shared_ptr<CameraFeed> {
        throw Error("cannot open {}: it is unplugged", device);
    };
    webcam->prepare(stream);
    EXPECT_TRUE(is_checkerboard(shown(*webcam)));
    EXPECT_EQ(webcam->missing(), "cannot open /dev/video7: it is unplugged");
    EXPECT_THROW(test::filter_of(R"(["webcam"])", frame_), ConfigError);
}

}  // namespace
}  // namespace scrim
