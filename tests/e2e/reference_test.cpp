// The predecessor's own results on the same pictures: the same language must give the same
// pictures. The cases lie beside the project and are skipped where they are not.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "support/command.h"
#include "support/media.h"
#include "support/planes.h"

namespace scrim {
namespace {

class Reference : public testing::TestWithParam<const char*> {};

Frame planes_of(const std::filesystem::path& path) {
    const Picture picture = read_picture(path);
    return from_rgba(picture.rgba.data(), 4 * picture.width, picture.width, picture.height,
                     {Matrix::bt601, Range::full});
}

TEST_P(Reference, LooksAsThePredecessorMadeIt) {
    const auto cases = test::shared_folder("reference");
    if (cases.empty()) GTEST_SKIP() << "the predecessor's results are not here";
    const auto folder = cases / GetParam();
    const test::TemporaryFolder temporary;
    const auto out = temporary / "out.png";
    std::string frames = test::read_file(folder / "frames.txt");
    frames.erase(std::remove(frames.begin(), frames.end(), '\n'), frames.end());
    const auto finished =
        test::scrim({"render", folder / "frame.png", out, "--config", folder / "config.yaml",
                     "--mask", folder / "mask.png", "--frames", frames.empty() ? "1" : frames});
    ASSERT_EQ(finished.status, 0) << finished.errors;
    const Frame ours = planes_of(out);
    const Frame expected = planes_of(folder / "expected.png");
    ASSERT_EQ(ours.width(), expected.width());
    ASSERT_EQ(ours.height(), expected.height());
    const double y = test::psnr(ours.y, expected.y);
    const double u = test::psnr(ours.u, expected.u);
    const double v = test::psnr(ours.v, expected.v);
    RecordProperty("decibels",
                   std::to_string(y) + " " + std::to_string(u) + " " + std::to_string(v));
    EXPECT_GE(y, 36);
    EXPECT_GE(u, 34);
    EXPECT_GE(v, 34);
}

INSTANTIATE_TEST_SUITE_P(Cases, Reference,
                         testing::Values("blur-flat-args", "blur-keyword-args",
                                         "change-alpha-ghost", "debug-show-mask", "flip-foreground",
                                         "gaussian-blur-even", "grayscale-then-blur",
                                         "image-background", "image-nearest", "mask-morphology",
                                         "mask-soft-mediapipe"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace scrim
