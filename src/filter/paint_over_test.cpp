// The option `exclude_person` of blur and gaussian_blur.

#include "filter/paint_over.h"

#include <cmath>

#include <gtest/gtest.h>

#include "filter/test_pictures.h"

namespace scrim {
namespace {

struct Scene {
    Frame room;     // without anybody
    Frame picture;  // with the person in it
    Plane mask;
};

/// A red person, head and shoulders, with an edge of `soft` pixels before a room that is grey, or
/// slopes from dark to bright.
Scene scene(int width, int height, double soft, bool sloping) {
    Scene scene{solid_frame(width, height, {}, {120, 128, 128}), {}, Plane(width, height)};
    if (sloping) {
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x)
                scene.room.y.writable_row(y)[x] = static_cast<std::uint8_t>(60 + 120 * x / width);
        }
    }
    const YuvColor red = yuv_of_rgb(255, 0, 0, {});
    Frame person = solid_frame(width, height, {}, red);
    const double unit = height;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double head = std::hypot(x - width / 2.0, y - 0.4 * unit) - 0.2 * unit;
            const double body = std::hypot(x - width / 2.0, 1.5 * (y - unit)) - 0.5 * unit;
            const double outside = std::min(head, body);
            const double share = std::clamp(0.5 - outside / soft, 0.0, 1.0);
            scene.mask.writable_row(y)[x] = static_cast<std::uint8_t>(std::lround(255 * share));
        }
    }
    scene.picture = scene.room;
    const auto mix = [](int a, int b, double share) {
        return static_cast<std::uint8_t>(std::lround(a * share + b * (1 - share)));
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double share = scene.mask.row(y)[x] / 255.0;
            std::uint8_t& pixel = scene.picture.y.writable_row(y)[x];
            pixel = mix(red.y, pixel, share);
        }
    }
    for (int y = 0; y < scene.picture.u.height(); ++y) {
        for (int x = 0; x < scene.picture.u.width(); ++x) {
            double share = 0;
            for (int i = 0; i < 4; ++i) {
                const int at_x = std::min(2 * x + i % 2, width - 1);
                const int at_y = std::min(2 * y + i / 2, height - 1);
                share += scene.mask.row(at_y)[at_x] / 1020.0;
            }
            scene.picture.u.writable_row(y)[x] = mix(red.u, 128, share);
            scene.picture.v.writable_row(y)[x] = mix(red.v, 128, share);
        }
    }
    return scene;
}

Frame blurred(const std::string& filter, const Frame& frame, const Plane* mask) {
    FrameContext context;
    context.mask = mask;
    Frame out = frame;
    test::filter_of(filter, frame)->apply(out, context);
    return out;
}

/// The largest difference where the mask is below a half: what can be seen around the person.
int halo(const Plane& a, const Plane& b, const Plane& mask, int subsampled) {
    int most = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (mask.row(y * subsampled)[x * subsampled] > 127) continue;
            most = std::max(most, std::abs(a.row(y)[x] - b.row(y)[x]));
        }
    }
    return most;
}

constexpr const char* filters[] = {
    R"(["blur", 5, {exclude_person: true}])", R"(["blur", 25, {exclude_person: true}])",
    R"(["blur", [61, 9, true]])", R"(["gaussian_blur", 31, {exclude_person: true}])"};

TEST(ExcludePerson, LeavesNoHalo) {
    for (const char* const filter : filters) {
        for (const auto& [width, height] : {std::pair{320, 180}, {131, 97}}) {
            for (const double soft : {1.0, 8.0}) {
                for (const bool sloping : {false, true}) {
                    SCOPED_TRACE(
                        fmt::format("{} {}x{} {} {}", filter, width, height, soft, sloping));
                    const Scene s = scene(width, height, soft, sloping);
                    const Frame wanted = blurred(filter, s.room, nullptr);
                    const Frame out = blurred(filter, s.picture, &s.mask);
                    EXPECT_LE(halo(out.y, wanted.y, s.mask, 1), sloping ? 8 : 2);
                    EXPECT_LE(halo(out.u, wanted.u, s.mask, 2), 3);
                    EXPECT_LE(halo(out.v, wanted.v, s.mask, 2), 6);
                    // the plain blur has one
                    EXPECT_GT(halo(blurred(filter, s.picture, nullptr).v, wanted.v, s.mask, 2), 30);
                }
            }
        }
    }
}

TEST(ExcludePerson, HasNoSeams) {
    const Scene s = scene(320, 180, 4, false);
    const Frame out = blurred(filters[1], s.picture, &s.mask);
    for (int y = 1; y < 180; ++y) {
        for (int x = 1; x < 320; ++x) {
            ASSERT_LE(std::abs(out.y.row(y)[x] - out.y.row(y)[x - 1]), 1) << x << "," << y;
            ASSERT_LE(std::abs(out.y.row(y)[x] - out.y.row(y - 1)[x]), 1) << x << "," << y;
        }
    }
}

TEST(ExcludePerson, IsThePlainBlurFarFromThePerson) {
    const Frame frame = test::noise_frame(200, 60, 3);
    Plane mask = Plane::filled(200, 60, 0);
    for (int y = 20; y < 40; ++y)
        std::fill_n(mask.writable_row(y) + 20, 20, std::uint8_t{255});
    const Frame plain = blurred(R"(["blur", 9])", frame, nullptr);
    const Frame out = blurred(R"(["blur", 9, 9, true])", frame, &mask);
    for (int y = 0; y < 60; ++y) {
        for (int x = 60; x < 200; ++x) {
            ASSERT_EQ(out.y.row(y)[x], plain.y.row(y)[x]);
            ASSERT_EQ(out.u.row(y / 2)[x / 2], plain.u.row(y / 2)[x / 2]);
        }
    }
    EXPECT_NE(test::difference(out.y, plain.y), 0);
}

TEST(ExcludePerson, IsThePlainBlurWithoutMaskOrRoom) {
    const Frame frame = test::noise_frame(61, 43, 3);
    const Frame plain = blurred(R"(["blur", 9])", frame, nullptr);
    EXPECT_EQ(test::difference(blurred(R"(["blur", 9, 9, true])", frame, nullptr), plain), 0);
    for (const std::uint8_t all : {std::uint8_t{0}, std::uint8_t{255}}) {
        const Plane mask = Plane::filled(61, 43, all);
        EXPECT_EQ(test::difference(blurred(R"(["blur", 9, 9, true])", frame, &mask), plain), 0);
    }
}

TEST(ExcludePerson, AsksForTheMask) {
    const Frame frame = test::noise_frame(8, 8, 3);
    for (const char* const name : {"blur", "gaussian_blur"}) {
        EXPECT_FALSE(
            test::filter_of(fmt::format(R"(["{}", 5])", name), frame)->traits().needs_mask);
        EXPECT_TRUE(test::filter_of(fmt::format(R"(["{}", 5, 5, true])", name), frame)
                        ->traits()
                        .needs_mask);
    }
}

TEST(PaintOver, TakesAnySize) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 2}, {2, 1}, {3, 5}, {127, 63}}) {
        Frame frame = test::noise_frame(width, height, 3);
        const Plane mask = test::noise(width, height, 9);
        PaintOver painter;
        painter.apply(frame, mask);
        EXPECT_EQ(frame.y.width(), width);
        frame = solid_frame(width, height, {}, {90, 100, 200});
        const Frame before = frame;
        painter.apply(frame, mask);
        EXPECT_LE(test::difference(frame, before), 1);
    }
}

}  // namespace
}  // namespace scrim
