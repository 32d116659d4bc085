#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "filter/draw_over.h"
#include "filter/overlay_place.h"
#include "filter/test_pictures.h"
#include "frame/picture.h"
#include "frame/test_animation.h"

namespace scrim {
namespace {

/// The mean of a plane over the (up to) four pixels of a chroma value, some of them twice.
double mean_of_block(const Plane& plane, int x, int y) {
    const int right = std::min(2 * x + 1, plane.width() - 1);
    const int below = std::min(2 * y + 1, plane.height() - 1);
    return (plane.row(2 * y)[2 * x] + plane.row(2 * y)[right] + plane.row(below)[2 * x] +
            plane.row(below)[right]) /
           4.0;
}

double over(double base, double base_alpha, double top, double top_alpha) {
    const double below = base_alpha * (1 - top_alpha);
    const double sum = top_alpha + below;
    return sum > 0 ? (top * top_alpha + base * below) / sum : base;
}

/// draw_over() for the plain, slow and obvious reader.
Frame drawn_over(const Frame& image, const Frame& picture, int left, int top) {
    Frame out = image;
    const Plane solid = Plane::filled(image.width(), image.height(), 255);
    const Plane& base_alpha = image.opaque() ? solid : image.alpha;
    const Plane whole = Plane::filled(picture.width(), picture.height(), 255);
    const Plane& top_alpha = picture.opaque() ? whole : picture.alpha;
    const auto rounded = [](double v) { return static_cast<std::uint8_t>(std::lround(v)); };
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const double a = top_alpha.row(y)[x] / 255.0;
            const double b = base_alpha.row(top + y)[left + x] / 255.0;
            std::uint8_t& luma = out.y.writable_row(top + y)[left + x];
            luma = rounded(over(luma, b, picture.y.row(y)[x], a));
            if (!image.opaque()) {
                out.alpha.writable_row(top + y)[left + x] = rounded(255 * (a + b * (1 - a)));
            }
        }
    }
    const Plane base_part = [&] {
        Plane part(picture.width(), picture.height());
        for (int y = 0; y < picture.height(); ++y)
            std::copy_n(base_alpha.row(top + y) + left, picture.width(), part.writable_row(y));
        return part;
    }();
    for (int y = 0; y < picture.u.height(); ++y) {
        for (int x = 0; x < picture.u.width(); ++x) {
            const double a = mean_of_block(top_alpha, x, y) / 255;
            const double b = mean_of_block(base_part, x, y) / 255;
            for (const auto& [plane, from] :
                 {std::pair{&out.u, &picture.u}, std::pair{&out.v, &picture.v}}) {
                std::uint8_t& value = plane->writable_row(top / 2 + y)[left / 2 + x];
                value = rounded(over(value, b, from->row(y)[x], a));
            }
        }
    }
    return out;
}

TEST(DrawOver, AgreesWithThePlainVersion) {
    struct Case {
        int width, height, x, y, picture_width, picture_height;
    };
    for (const Case& c :
         {Case{1, 1, 0, 0, 1, 1}, Case{3, 5, 2, 2, 1, 3}, Case{127, 63, 40, 20, 87, 43},
          Case{127, 63, 0, 0, 127, 63}, Case{64, 48, 10, 6, 20, 10}}) {
        for (const bool clear_base : {false, true}) {
            for (const bool clear_top : {false, true}) {
                Frame image = test::noise_frame(c.width, c.height, 1);
                if (clear_base) image.alpha = test::noise(c.width, c.height, 5);
                Frame picture = test::noise_frame(c.picture_width, c.picture_height, 7);
                if (clear_top) picture.alpha = test::noise(c.picture_width, c.picture_height, 11);
                Frame out = test::borrowed(image, 5);
                draw_over(out, picture, c.x, c.y);
                const Frame expected = drawn_over(image, picture, c.x, c.y);
                EXPECT_LE(test::difference(out.y, expected.y), 1);
                EXPECT_LE(test::difference(out.alpha, expected.alpha), 1);
                // the mean alpha of a block is rounded
                const int tolerance = clear_base ? 3 : 2;
                EXPECT_LE(test::difference(out.u, expected.u), tolerance) << c.width;
                EXPECT_LE(test::difference(out.v, expected.v), tolerance) << c.width;
            }
        }
    }
}

cv::Rect place(const std::string& arguments, cv::Size picture = {40, 20},
               cv::Size frame = {200, 100}) {
    Diagnostics diagnostics("test", arguments);
    const Value value = parse_yaml(arguments, diagnostics);
    OverlayPlace place;
    Schema schema;
    place.bind(schema);
    schema.read_map(value, "", diagnostics, ".");
    EXPECT_EQ(diagnostics.render(), "");
    return place.rectangle(picture, frame);
}

TEST(OverlayPlace, SizesAndAnchors) {
    EXPECT_EQ(place("{}"), cv::Rect(0, 0, 40, 20));
    EXPECT_EQ(place("{x: 7, y: -3}"), cv::Rect(7, -3, 40, 20));
    EXPECT_EQ(place("{x: 10%, y: '50%'}"), cv::Rect(20, 50, 40, 20));
    EXPECT_EQ(place("{width: 100}"), cv::Rect(0, 0, 100, 50));
    EXPECT_EQ(place("{height: 50%}"), cv::Rect(0, 0, 100, 50));
    EXPECT_EQ(place("{width: 10, height: 30}"), cv::Rect(0, 0, 10, 30));
    EXPECT_EQ(place("{anchor: bottom_right, x: 16, y: 8}"), cv::Rect(144, 72, 40, 20));
    EXPECT_EQ(place("{anchor: top, x: 5, y: 8}"), cv::Rect(85, 8, 40, 20));
    EXPECT_EQ(place("{anchor: center}"), cv::Rect(80, 40, 40, 20));
    EXPECT_EQ(place("{anchor: right, x: 10%}"), cv::Rect(140, 40, 40, 20));
    EXPECT_EQ(place("{anchor: BOTTOM_LEFT, x: 1, y: 2}"), cv::Rect(1, 78, 40, 20));
    EXPECT_EQ(place("{width: 1}", {3, 3000}).width, 1);
    EXPECT_EQ(place("{width: 0.01}"), cv::Rect(0, 0, 1, 1));
    EXPECT_LE(std::int64_t{place("{width: 16384}", {1, 1000}).area()}, std::int64_t{1} << 26);
}

TEST(OverlayPlace, MistakesAreExplained) {
    const auto complaint = [](const std::string& arguments) {
        try {
            test::filter_of("[overlay, logo.png, " + arguments + "]", test::noise_frame(8, 8, 1));
        } catch (const ConfigError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_NE(complaint("{x: wide}")
                  .find("filter.x: must be a distance in pixels up to 16384 or "
                        "in percent of the frame up to 400%, as in 16 or \"5%\", "
                        "is \"wide\""),
              std::string::npos)
        << complaint("{x: wide}");
    EXPECT_NE(complaint("{width: 0}").find("must be a size"), std::string::npos);
    EXPECT_NE(complaint("{width: '900%'}"), "");
    EXPECT_NE(complaint("{x: '16'}"), "") << "text that looks like a number";
    EXPECT_NE(complaint("{anchor: middle}"), "");
    EXPECT_NE(complaint("{opacity: 2}"), "");
}

class OverlayFilter : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  fmt::format("scrim_overlay_{}_{}", getpid(),
                              testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write_logo(test::Rgba color, int width = 10, int height = 6) const {
        test::write_animation(folder_ / "logo.apng", {test::solid_picture(width, height, color)},
                              {100});
    }
    Frame drawn(const std::string& more, const Frame& frame, Duration time = {}) const {
        Frame out = frame;
        FrameContext context;
        context.time = time;
        filter(more, frame)->apply(out, context);
        return out;
    }
    std::unique_ptr<Filter> filter(const std::string& more, const Frame& frame) const {
        return test::filter_of(fmt::format("[overlay, logo.apng, {{{}}}]", more), frame, folder_);
    }

    std::filesystem::path folder_;
};

TEST_F(OverlayFilter, DrawsAtTheCornerAndTouchesNothingElse) {
    write_logo({220, 40, 60, 255});
    for (const ColorTags tags : {ColorTags{}, ColorTags{Matrix::bt709, Range::full}}) {
        Frame frame = test::noise_frame(51, 33, 1, tags);
        const YuvColor color = yuv_of_rgb(220, 40, 60, tags);
        for (const bool clear : {false, true}) {
            if (clear) frame.alpha = test::noise(51, 33, 4);
            const Frame out = drawn("anchor: bottom_right, x: 3, y: 2", frame);
            const cv::Rect logo(38, 25, 10, 6);
            for (int y = 0; y < 33; ++y) {
                for (int x = 0; x < 51; ++x) {
                    const bool inside = logo.contains({x, y});
                    ASSERT_NEAR(out.y.row(y)[x], inside ? color.y : frame.y.row(y)[x], inside);
                    if (clear) {
                        ASSERT_EQ(out.alpha.row(y)[x], inside ? 255 : frame.alpha.row(y)[x]);
                    }
                }
            }
            EXPECT_NEAR(out.u.row(14)[20], color.u, 1);
            EXPECT_NEAR(out.v.row(14)[20], color.v, 1);
            EXPECT_EQ(out.u.row(14)[18], frame.u.row(14)[18]);
            EXPECT_EQ(out.v.row(11)[20], frame.v.row(11)[20]);
            EXPECT_EQ(out.opaque(), !clear);
        }
    }
}

TEST_F(OverlayFilter, AlphaAndOpacityLetTheLayerThrough) {
    write_logo({255, 255, 255, 128});
    const Frame black = solid_frame(40, 20, {}, {16, 128, 128});
    EXPECT_NEAR(drawn("", black).y.row(3)[5], 16 + 219 * 128 / 255.0, 2);
    EXPECT_NEAR(drawn("opacity: 0.5", black).y.row(3)[5], 16 + 219 * 64 / 255.0, 2);
    EXPECT_EQ(test::difference(drawn("opacity: 0", black), black), 0);
    const Frame nothing = solid_frame(40, 20, {}, {16, 128, 128}, 0);
    const Frame out = drawn("", nothing);
    EXPECT_NEAR(out.alpha.row(3)[5], 128, 1);
    EXPECT_NEAR(out.y.row(3)[5], 235, 2) << "not mixed with what nobody sees";
    EXPECT_EQ(out.alpha.row(10)[5], 0);
}

TEST_F(OverlayFilter, MayLieOutsideOfTheFrame) {
    write_logo({255, 255, 255, 255});
    const Frame black = solid_frame(21, 11, {}, {16, 128, 128});
    const Frame out = drawn("x: -7, y: -5", black);
    EXPECT_GT(out.y.row(0)[2], 230);
    EXPECT_EQ(out.y.row(0)[3], 16);
    EXPECT_EQ(out.y.row(1)[2], 16);
    EXPECT_EQ(test::difference(drawn("x: 21", black), black), 0);
    EXPECT_EQ(test::difference(drawn("x: -10", black), black), 0);
    EXPECT_GT(drawn("x: 20, y: 10", black).y.row(10)[20], 230);
    EXPECT_GT(drawn("x: -400%, width: 400%, height: 400%, anchor: center", black).width(), 0);
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 2}, {2, 1}, {3, 5}}) {
        const Frame tiny = solid_frame(width, height, {}, {16, 128, 128});
        EXPECT_GT(drawn("x: -1, y: -1", tiny).y.row(0)[0], 230);
    }
}

TEST_F(OverlayFilter, AnimationsPlay) {
    test::write_animation(folder_ / "logo.apng",
                          {test::solid_picture(8, 8, {255, 255, 255, 255}),
                           test::solid_picture(8, 8, {0, 0, 0, 255})},
                          {100, 100});
    const Frame gray = solid_frame(20, 20, {}, {100, 128, 128});
    EXPECT_TRUE(filter("", gray)->traits().changes);
    EXPECT_FALSE(filter("", gray)->traits().replaces_input);
    EXPECT_GT(drawn("", gray).y.row(2)[2], 230);
    EXPECT_LT(drawn("", gray, std::chrono::milliseconds(150)).y.row(2)[2], 20);
}

TEST_F(OverlayFilter, AMissingPictureIsASmallCheckerboard) {
    const Frame frame = test::noise_frame(200, 100, 1);
    const auto missing = filter("anchor: bottom_right", frame);
    EXPECT_NE(missing->missing().find("logo.apng: there is no such file"), std::string::npos);
    EXPECT_EQ(missing->files().size(), 1U);
    Frame out = frame;
    missing->apply(out, {});
    EXPECT_EQ(out.y.row(35)[199], frame.y.row(35)[199]);
    EXPECT_EQ(out.y.row(99)[135], frame.y.row(99)[135]);
    for (int y = 36; y < 100; ++y) {
        for (int x = 136; x < 200; ++x) {
            const int luma = out.y.row(y)[x];
            ASSERT_TRUE(std::abs(luma - 98) < 3 || std::abs(luma - 153) < 3) << luma;
        }
    }
}

}  // namespace
}  // namespace scrim
