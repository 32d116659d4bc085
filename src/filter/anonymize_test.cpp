#include "filter/anonymize.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "filter/face_memory.h"
#include "filter/test_pictures.h"

namespace scrim {
namespace {

using std::chrono::milliseconds;
using test::noise_frame;

using Eyes = std::array<FramePoint, 2>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

FrameContext with(const std::vector<Face>& faces, Duration time = {}) {
    FrameContext context;
    context.faces = &faces;
    context.time = time;
    return context;
}

Frame anonymised(const std::string& yaml, const Frame& frame, const std::vector<Face>& faces) {
    Frame out = frame;
    test::filter_of(yaml, frame)->apply(out, with(faces));
    return out;
}

/// Whether the pixel is within the box of the face and `padding` pixels around it.
bool within(const Face& face, int padding, int x, int y, const Frame& frame) {
    const auto along = [&](int i, double low, double high, int size) {
        return i >= std::floor(low * size) - padding && i < std::ceil(high * size) + padding;
    };
    return along(x, face.left, face.right, frame.width()) &&
           along(y, face.top, face.bottom, frame.height());
}

Plane visible_part(const Frame& frame, const std::vector<Face>& faces, int padding) {
    Plane visible = Plane::filled(frame.width(), frame.height(), 0);
    std::uint8_t* row = visible.writable();
    for (int y = 0; y < frame.height(); ++y, row += visible.stride()) {
        for (int x = 0; x < frame.width(); ++x) {
            for (const Face& face : faces) {
                if (!within(face, padding, x, y, frame)) continue;
                row[x] = frame.opaque() ? 255 : frame.alpha.row(y)[x];
            }
        }
    }
    return visible;
}

/// The largest difference of what is visible, colour of half a chroma pixel included.
int visible_difference(const Frame& out, const Frame& expected, const Plane& visible) {
    int most = 0;
    for (int y = 0; y < out.height(); ++y) {
        for (int x = 0; x < out.width(); ++x) {
            if (visible.row(y)[x] == 0) continue;
            most = std::max({most, std::abs(out.y.row(y)[x] - expected.y.row(y)[x]),
                             std::abs(out.u.row(y / 2)[x / 2] - expected.u.row(y / 2)[x / 2]),
                             std::abs(out.v.row(y / 2)[x / 2] - expected.v.row(y / 2)[x / 2])});
        }
    }
    return most;
}

bool covers(const Frame& out, double x, double y) {
    return out.alpha.row(static_cast<int>(y * out.height()))[static_cast<int>(x * out.width())] ==
           255;
}

TEST(Anonymize, ShowsTheFacesAsTheBlurOfTheWholePictureWould) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> share(-0.2, 1.0);
    std::uniform_real_distribution<double> size(0.01, 0.5);
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 5}, {127, 63}, {160, 90}}) {
        for (const ColorTags tags : {ColorTags{}, ColorTags{Matrix::bt709, Range::full}}) {
            for (const int blur : {0, 1, 3, 4, 7, 20}) {
                Frame frame = noise_frame(width, height, 5, tags);
                if (blur % 2 == 1) frame.alpha = test::noise(width, height, 6);
                std::vector<Face> faces(3);
                for (Face& face : faces) {
                    face.left = share(random);
                    face.top = share(random);
                    face.right = face.left + size(random);
                    face.bottom = face.top + size(random);
                }
                const int padding = blur % 4;
                const Frame out =
                    anonymised(fmt::format("[anonymize, {}, {}]", blur, padding), frame, faces);
                const Plane visible = visible_part(frame, faces, padding);
                EXPECT_EQ(test::difference(out.alpha, visible), 0) << width << " " << blur;
                const Frame expected =
                    blur == 0 ? solid_frame(width, height, tags, yuv_of_rgb(0, 0, 0, tags))
                              : test::filtered(fmt::format("[blur, {}]", blur), frame);
                EXPECT_EQ(visible_difference(out, expected, visible), 0) << width << " " << blur;
            }
        }
    }
}

TEST(Anonymize, ShowsNothingWhereNobodyIs) {
    const Frame frame = noise_frame(64, 48, 1);
    EXPECT_TRUE(test::is_filled(anonymised("[anonymize]", frame, {}).alpha, 0));
    EXPECT_TRUE(test::is_filled(test::filtered("[anonymize]", frame).alpha, 0));
}

TEST(Anonymize, SecureCoversEverythingWhereNoFaceWasFound) {
    Frame frame = noise_frame(64, 48, 1);
    const Frame blurred = test::filtered("[blur, 9]", frame);
    const std::string yaml = "[anonymize, 9, {secure: true}]";
    const Frame nobody = anonymised(yaml, frame, {});
    EXPECT_TRUE(test::is_filled(nobody.alpha, 255));
    EXPECT_EQ(test::difference(nobody.y, blurred.y), 0);
    EXPECT_EQ(test::difference(nobody.u, blurred.u), 0);
    const Frame unknown = test::filtered(yaml, frame);
    EXPECT_EQ(test::difference(unknown, nobody), 0);

    const Frame somebody = anonymised(yaml, frame, {{0.2, 0.2, 0.4, 0.4, {}}});
    EXPECT_TRUE(covers(somebody, 0.3, 0.3));
    EXPECT_FALSE(covers(somebody, 0.9, 0.9));

    // At once: what was there before is no excuse.
    const auto filter = test::filter_of(yaml, frame);
    const std::vector<Face> face{{0.2, 0.2, 0.4, 0.4, {}}};
    Frame out = frame;
    filter->apply(out, with(face, milliseconds(0)));
    out = frame;
    filter->apply(out, with({}, milliseconds(33)));
    EXPECT_TRUE(test::is_filled(out.alpha, 255));
}

TEST(Anonymize, EyesOnlyKeepsTheSurroundingsOfTheEyes) {
    const Frame frame = noise_frame(200, 100, 1);
    const Face face{0.3, 0.2, 0.5, 0.6, Eyes{{{0.37, 0.3}, {0.43, 0.32}}}};
    const Frame out = anonymised("[anonymize, 9, 0, {eyes_only: true}]", frame, {face});
    for (const FramePoint& eye : *face.eyes) {
        for (const double dx : {-0.02, 0.0, 0.02}) {
            for (const double dy : {-0.04, 0.0, 0.04})
                EXPECT_TRUE(covers(out, eye.x + dx, eye.y + dy));
        }
    }
    EXPECT_FALSE(covers(out, 0.4, 0.5)) << "the mouth";
    EXPECT_FALSE(covers(out, 0.4, 0.21)) << "the brow";

    // From the side both eyes are at about the same place, and as large as before.
    const Face profile{0.3, 0.2, 0.5, 0.6, Eyes{{{0.32, 0.3}, {0.325, 0.3}}}};
    const Frame aside = anonymised("[anonymize, 9, 0, {eyes_only: true}]", frame, {profile});
    EXPECT_TRUE(covers(aside, 0.35, 0.3));
    EXPECT_TRUE(covers(aside, 0.32, 0.35));
    EXPECT_FALSE(covers(aside, 0.4, 0.5));

    // Eyes that nobody knows may be anywhere in the face.
    const Frame whole =
        anonymised("[anonymize, 9, 0, {eyes_only: true}]", frame, {{0.3, 0.2, 0.5, 0.6, {}}});
    EXPECT_TRUE(covers(whole, 0.4, 0.5));
    EXPECT_TRUE(covers(whole, 0.31, 0.59));
}

TEST(Anonymize, HidesTooMuchRatherThanTooLittle) {
    const Frame frame = noise_frame(64, 48, 1);
    const auto alpha = [&](const Face& face) {
        return anonymised("[anonymize, 5, 0]", frame, {face}).alpha;
    };
    EXPECT_TRUE(test::is_filled(alpha({nan, nan, nan, nan, {}}), 255));
    EXPECT_TRUE(test::is_filled(alpha({-1e300, -1e300, 1e300, 1e300, {}}), 255));
    EXPECT_TRUE(test::is_filled(alpha({1.5, 0, 2, 1, {}}), 0)) << "outside of the picture";
    const Frame eyes = anonymised("[anonymize, {eyes_only: true}]", frame,
                                  {{0, 0, 1, 1, Eyes{{{nan, nan}, {nan, nan}}}}});
    EXPECT_TRUE(test::is_filled(eyes.alpha, 255));
}

TEST(Anonymize, HoldsOnWhileTheDetectorBlinks) {
    const Frame frame = noise_frame(64, 48, 1);
    const auto filter = test::filter_of("[anonymize, 5, 0]", frame);
    const std::vector<Face> face{{0.2, 0.2, 0.4, 0.4, {}}};
    const std::vector<Face> nobody;
    const auto covered_at = [&](const std::vector<Face>* faces, int time) {
        Frame out = frame;
        FrameContext context;
        context.faces = faces;
        context.time = milliseconds(time);
        filter->apply(out, context);
        return covers(out, 0.3, 0.3);
    };
    EXPECT_TRUE(covered_at(&face, 0));
    EXPECT_TRUE(covered_at(&nobody, 100));
    EXPECT_TRUE(covered_at(nullptr, 500)) << "nobody looked: as good as not found";
    EXPECT_FALSE(covered_at(&nobody, 501));
    EXPECT_TRUE(covered_at(&face, 1000));
    filter->prepare({frame.width(), frame.height(), frame.tags});
    EXPECT_FALSE(covered_at(&nobody, 1001)) << "another stream";
}

TEST(FaceMemory, FollowsFacesThatMove) {
    FaceMemory memory;
    for (int i = 0; i < 30; ++i) {
        const double x = 0.02 * i;
        const std::vector<Face> faces{{x, 0.2, x + 0.1, 0.4, {}}};
        ASSERT_EQ(memory.update(&faces, milliseconds(33 * i)).size(), 1U) << i;
        EXPECT_DOUBLE_EQ(memory.update(&faces, milliseconds(33 * i)).front().left, x);
    }
}

TEST(FaceMemory, KnowsTwoThatStandTogether) {
    FaceMemory memory;
    const std::vector<Face> both{{0.2, 0.2, 0.4, 0.5, {}}, {0.35, 0.2, 0.55, 0.5, {}}};
    const std::vector<Face> first{{0.21, 0.2, 0.41, 0.5, {}}};
    memory.update(&both, milliseconds(0));
    const std::vector<Face> now = memory.update(&first, milliseconds(100));
    ASSERT_EQ(now.size(), 2U);
    EXPECT_DOUBLE_EQ(now[0].left, 0.21);
    EXPECT_DOUBLE_EQ(now[1].left, 0.35);
    EXPECT_EQ(memory.update(&first, milliseconds(500)).size(), 2U);
    EXPECT_EQ(memory.update(&first, milliseconds(510)).size(), 1U);
    EXPECT_EQ(memory.update(&both, milliseconds(520)).size(), 2U);
    EXPECT_EQ(memory.update(nullptr, milliseconds(10)).size(), 0U) << "time went back";
}

}  // namespace
}  // namespace scrim
