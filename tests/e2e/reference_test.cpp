// The predecessor's own results on the same pictures: the same language must give the same
// pictures. The cases, a folder each, lie beside the project and are skipped where they are not.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "support/command.h"
#include "support/media.h"
#include "support/planes.h"

namespace scrim {
namespace {

class Reference : public testing::TestWithParam<std::string> {};

Frame planes_of(const std::filesystem::path& path) {
    const Picture picture = read_picture(path);
    return from_rgba(picture.rgba.data(), 4 * picture.width, picture.width, picture.height,
                     {Matrix::bt601, Range::full});
}

TEST_P(Reference, LooksAsThePredecessorMadeIt) {
    const auto cases = test::shared_folder("reference");
    if (cases.empty()) GTEST_SKIP() << "the predecessor's results are not here";
    const auto folder = cases / GetParam();
    const std::string config = test::read_file(folder / "config.yaml");
    const auto uses = [&](const char* filter) { return config.find(filter) != std::string::npos; };
    if (uses("anonymize")) GTEST_SKIP() << "anonymize needs parts of the body";
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
    const bool keyed = uses("chroma_key");  // by the predecessor at chroma's resolution
    EXPECT_GE(y, keyed ? 32 : 36);
    EXPECT_GE(u, keyed ? 32 : 34);
    EXPECT_GE(v, keyed ? 32 : 34);
}

/// One without a name stands for all where there are none.
std::vector<std::string> case_names() {
    std::vector<std::string> names;
    const auto cases = test::shared_folder("reference");
    if (cases.empty()) return {""};
    for (const auto& entry : std::filesystem::directory_iterator(cases)) {
        if (entry.is_directory()) names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

INSTANTIATE_TEST_SUITE_P(Cases, Reference, testing::ValuesIn(case_names()),
                         [](const auto& instance) {
                             std::string name = instance.param.empty() ? "none" : instance.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace scrim
