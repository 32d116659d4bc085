#include "compose/compositor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compose/blend.h"
#include "filter/test_pictures.h"

namespace scrim {
namespace {

using testing::HasSubstr;

constexpr int width = 66;
constexpr int height = 35;

/// A configuration with its compositor, prepared for small frames.
struct Scene {
    explicit Scene(const std::string& text, ColorTags tags = {})
        : diagnostics("config.yaml", text),
          config(parse_config(text, ".", diagnostics)),
          compositor(config, diagnostics) {
        compositor.prepare({width, height, tags}, diagnostics);
    }
    Diagnostics diagnostics;
    Config config;
    Compositor compositor;
};

Frame camera(ColorTags tags = {}) {
    Frame frame = test::noise_frame(width, height, 5, tags);
    frame.sequence = 42;
    frame.captured = Time(std::chrono::seconds(3));
    return frame;
}

/// Left third nobody, right third a person, soft between.
Plane person() {
    Plane mask(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            mask.writable_row(y)[x] =
                static_cast<std::uint8_t>(std::clamp(255 * (x - width / 3) / (width / 3), 0, 255));
        }
    }
    return mask;
}

Frame cut_out(const Frame& picture) {
    Frame out = picture;
    out.alpha = person();
    return out;
}

Frame color(int r, int g, int b) {
    return solid_frame(width, height, {}, yuv_of_rgb(r, g, b, {}));
}

/// What the layers make of the camera picture and the person.
Frame composed(const std::string& text) {
    Scene scene(text);
    EXPECT_EQ(scene.diagnostics.render(), "");
    const Plane mask = person();
    return scene.compositor.compose(camera(), {.mask = mask});
}

TEST(Compositor, PassesTheInputOnUncopied) {
    Scene scene("layers: [input: []]");
    EXPECT_FALSE(scene.compositor.needs().mask);
    const Frame in = camera();
    const Frame out = scene.compositor.compose(in, {});
    EXPECT_TRUE(out.y.shares_pixels_with(in.y));
    EXPECT_TRUE(out.u.shares_pixels_with(in.u));
    EXPECT_TRUE(out.v.shares_pixels_with(in.v));
    EXPECT_TRUE(out.opaque());
    EXPECT_EQ(out.sequence, 42U);
    EXPECT_EQ(out.captured, in.captured);
}

TEST(Compositor, PutsThePersonOnTheBackground) {
    const Frame out = composed("layers: [empty: [[solid_color, 10, 200, 30]], foreground: []]");
    EXPECT_EQ(test::difference(out, blended(color(10, 200, 30), cut_out(camera()))), 0);
    EXPECT_EQ(out.sequence, 42U);
    EXPECT_EQ(out.captured, camera().captured);
}

TEST(Compositor, StartsFromBlack) {
    EXPECT_EQ(test::difference(composed("layers: [foreground: []]"),
                               blended(color(0, 0, 0), cut_out(camera()))),
              0);
    EXPECT_EQ(test::difference(composed("layers: [empty: []]"), color(0, 0, 0)), 0);
}

TEST(Compositor, BlursBehindThePerson) {
    const Frame out = composed("layers: [input: [[blur, 9]], foreground: []]");
    EXPECT_EQ(test::difference(
                  out, blended(test::filtered(R"(["blur", 9])", camera()), cut_out(camera()))),
              0);
}

TEST(Compositor, GivesPreviousAllLayersSoFar) {
    const Frame under = blended(color(200, 0, 0), cut_out(camera()));
    const Frame out = composed(
        "layers: [empty: [[solid_color, 200]], foreground: [], previous: [[flip]], "
        "foreground: [[change_alpha, -100]]]");
    const Frame ghost = test::filtered(R"(["change_alpha", -100])", cut_out(camera()));
    EXPECT_EQ(test::difference(out, blended(test::filtered(R"(["flip"])", under), ghost)), 0);
}

TEST(Compositor, ForgetsWhatAPictureReplaces) {
    const Frame out = composed("layers: [foreground: [[blur, 3], [solid_color, 1, 2, 3], [flip]]]");
    EXPECT_EQ(test::difference(out, color(1, 2, 3)), 0);
    Scene scene("layers: [foreground: [[blur, 3], [solid_color, 1, 2, 3], [flip]]]");
    EXPECT_FALSE(scene.compositor.needs().mask);
}

/// Static pictures come from memory: two frames share their very pixels.
TEST(Compositor, ComputesStaticLayersOnce) {
    Scene scene(
        "layers: [empty: [[solid_color, 9, 9, 200], [change_alpha, -100], [blur, 5]], "
        "previous: [[gaussian_blur, 9], [flip]]]");
    EXPECT_FALSE(scene.compositor.needs().mask);
    const Frame first = scene.compositor.compose(camera(), {});
    const Frame second = scene.compositor.compose(camera(), {});
    EXPECT_TRUE(first.y.shares_pixels_with(second.y));
    EXPECT_TRUE(first.u.shares_pixels_with(second.u));
    EXPECT_LE(test::difference(first, color(5, 5, 122)), 1);
}

TEST(Compositor, LeavesHiddenLayersOut) {
    Scene scene("layers: [input: [], foreground: [[blur, 99]], empty: [[solid_color, 9]]]");
    EXPECT_FALSE(scene.compositor.needs().mask);
    const Frame out = scene.compositor.compose(camera(), {});
    EXPECT_EQ(test::difference(out, color(9, 0, 0)), 0);

    Scene camera_on_top("layers: [foreground: [], input: []]");
    EXPECT_FALSE(camera_on_top.compositor.needs().mask);
}

TEST(Compositor, KeepsLayersUnderATranslucentOne) {
    const std::string text =
        "layers: [input: [], foreground: [grayscale], empty: [[solid_color, 9], [change_alpha, "
        "-9]]]";
    Scene scene(text);
    EXPECT_TRUE(scene.compositor.needs().mask);
    const Frame gray = test::filtered(R"(["grayscale"])", cut_out(camera()));
    const Frame veil = test::filtered(R"(["change_alpha", -9])", color(9, 0, 0));
    EXPECT_EQ(test::difference(composed(text), blended(blended(camera(), gray), veil)), 0);
}

TEST(Compositor, ShowsNobodyWithoutMask) {
    Scene scene("layers: [empty: [[solid_color, 10, 200, 30]], foreground: []]");
    EXPECT_TRUE(scene.compositor.needs().mask);
    EXPECT_EQ(test::difference(scene.compositor.compose(camera(), {}), color(10, 200, 30)), 0);
}

TEST(Compositor, LeavesTheInputAlone) {
    const Frame in = test::borrowed(camera(), 5);
    Scene scene(
        "layers: [input: [[blur, 5], flip, grayscale], foreground: [[change_alpha, -9], flip]]");
    const Plane mask = person();
    scene.compositor.compose(in, {.mask = mask});
    EXPECT_EQ(test::difference(in, camera()), 0);
    EXPECT_EQ(test::difference(mask, person()), 0);
}

TEST(Compositor, ShowsTheMask) {
    for (const Range range : {Range::limited, Range::full}) {
        const ColorTags tags{Matrix::bt601, range};
        for (const char* const key : {"debug_show_mask", "debug_show_heatmap"}) {
            Scene scene(fmt::format("{}: -1\nlayers: [input: []]", key), tags);
            EXPECT_TRUE(scene.compositor.needs().mask);
            const Plane mask = person();
            const Frame out = scene.compositor.compose(camera(tags), {.mask = mask});
            EXPECT_TRUE(out.opaque());
            EXPECT_TRUE(test::is_filled(out.u, 128));
            for (int x = 0; x < width; ++x) {
                const int m = mask.row(4)[x];
                EXPECT_EQ(out.y.row(4)[x], yuv_of_rgb(m, m, m, tags).y);
            }
            const Frame nobody = scene.compositor.compose(camera(tags), {});
            EXPECT_TRUE(test::is_filled(nobody.y, range == Range::full ? 0 : 16));
        }
    }
}

TEST(Compositor, ShowsPartsOfTheBodyAndTheRestOfThePerson) {
    const PartSet face = parts_named("face").value();
    Plane part = Plane::filled(width, height, 0);  // the person's upper half
    for (int y = 0; y < height / 2; ++y)
        std::copy_n(person().row(y), width, part.writable_row(y));
    Plane rest = person();
    for (int y = 0; y < height / 2; ++y)
        std::fill_n(rest.writable_row(y), width, std::uint8_t{0});
    for (const auto& [source, alpha] : {std::pair{"parts", part}, {"not_parts", rest}}) {
        Scene scene(fmt::format(
            "layers:\n  - empty: [[solid_color, 10, 200, 30]]\n  - {}: [face]\n", source));
        EXPECT_EQ(scene.diagnostics.render(), "");
        const PersonNeeds needed{.mask = true, .parts = {face}};
        EXPECT_EQ(scene.compositor.needs(), needed);
        Frame top = camera();
        top.alpha = alpha;
        const Person known{.mask = person(), .parts = {part}};
        EXPECT_EQ(test::difference(scene.compositor.compose(camera(), known),
                                   blended(color(10, 200, 30), top)),
                  0);
        EXPECT_EQ(test::difference(scene.compositor.compose(camera(), {}), color(10, 200, 30)), 0)
            << "a network that fails";
    }
}

TEST(Compositor, EachSetOfPartsIsAskedForOnce) {
    Scene scene(
        "layers:\n  - parts: [torso, face]\n  - not_parts: [torso_front, torso_back, face]\n"
        "  - parts: [arms, [blur, 3]]\n");
    EXPECT_EQ(scene.diagnostics.render(), "");
    EXPECT_EQ(scene.compositor.needs().parts.size(), 2U);
    Scene hidden("layers:\n  - parts: [torso]\n  - empty: [[solid_color, 1, 2, 3]]\n");
    EXPECT_FALSE(hidden.compositor.needs().any()) << "nobody sees the parts";
}

TEST(Compositor, ShowsAPartOrAKeypointInTheLayersPlace) {
    Person known{.mask = person(), .parts = {Plane::filled(width, height, 255)}};
    known.heatmaps[4] = Plane::filled(width, height, 255);
    Scene part("debug_show_mask: 3");
    EXPECT_EQ(part.compositor.needs(), (PersonNeeds{.mask = true, .parts = {PartSet().set(3)}}));
    EXPECT_TRUE(test::is_filled(part.compositor.compose(camera(), known).y, 235));
    EXPECT_TRUE(test::is_filled(part.compositor.compose(camera(), {}).y, 16));
    Scene point("debug_show_heatmap: 4");
    EXPECT_EQ(point.compositor.needs(), (PersonNeeds{.keypoints = KeypointSet().set(4)}));
    EXPECT_TRUE(test::is_filled(point.compositor.compose(camera(), known).y, 235));
    EXPECT_TRUE(test::is_filled(point.compositor.compose(camera(), {}).y, 16));
}

/// Less than all layers could show the raw room.
TEST(Compositor, ReportsAMissingPictureAtItsPlaceAndShowsAPlaceholder) {
    Scene scene("layers:\n  - input: []\n  - empty: [[image, missing.png]]\n");
    const auto& all = scene.diagnostics.all();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].severity, Diagnostic::Severity::missing);
    EXPECT_EQ(all[0].key, "layers[1].empty[0]");
    EXPECT_EQ(all[0].where.line, 3);
    EXPECT_THAT(all[0].reason, HasSubstr("missing.png"));
    EXPECT_FALSE(scene.compositor.needs().mask);
    const Frame out = scene.compositor.compose(camera(), {});
    Frame other = camera();
    other.y = Plane::filled(width, height, 77);
    EXPECT_EQ(test::difference(out, scene.compositor.compose(other, {})), 0)
        << "it shows something of the camera";
    EXPECT_EQ(out.u.row(3)[5], 128) << "grey tiles";
}

TEST(Compositor, ReportsAllUnknownFilters) {
    Scene scene("layers: [input: [[blurr, 3]], foreground: [flop, [blur, x]]]");
    EXPECT_EQ(scene.diagnostics.all().size(), 3U);
    EXPECT_EQ(test::difference(scene.compositor.compose(camera(), {}), color(0, 0, 0)), 0);
}

TEST(Compositor, ComposesAgainAfterAnotherSize) {
    Scene scene("layers: [empty: [[solid_color, 200]], foreground: [[change_alpha, -10]]]");
    scene.compositor.prepare({20, 11, {}}, scene.diagnostics);
    const Frame out = scene.compositor.compose(test::noise_frame(20, 11, 1), {});
    EXPECT_EQ(test::difference(out, solid_frame(20, 11, {}, yuv_of_rgb(200, 0, 0, {}))), 0);
}

}  // namespace
}  // namespace scrim
