#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/command.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

class OwnNetwork : public testing::Test {
  protected:
    /// Beside it no card can be written: a link in a folder of the test's own.
    fs::path link_to(const std::string& name) const {
        const fs::path file = shared / "models" / name;
        if (!fs::exists(file)) return {};
        fs::create_symlink(fs::canonical(file), folder_ / name);
        return folder_ / name;
    }
    test::TemporaryFolder folder_;
};

TEST_F(OwnNetwork, InspectShowsWhatItIsAndWhatItNeeds) {
    const fs::path file = link_to("segm_full_v679.tflite");
    if (file.empty()) GTEST_SKIP() << "segm_full_v679.tflite is not there";
    const auto guessed = test::scrim({"models", "inspect", file});
    EXPECT_EQ(guessed.status, 0) << guessed.errors;
    EXPECT_THAT(guessed.output,
                AllOf(HasSubstr("input     1x144x256x3"), HasSubstr("1x144x256x2  segment"),
                      HasSubstr("concatenation"), HasSubstr("one run"),
                      HasSubstr("guessed   range: [0, 1], order: rgb, channel: 1")));
    // The card that it suggests answers everything.
    const std::string start = "A card to start from:\n\n";
    const std::size_t begin = guessed.output.find(start);
    ASSERT_NE(begin, std::string::npos);
    test::write_file(folder_ / "segm_full_v679.yaml", guessed.output.substr(begin + start.size()));
    const auto said = test::scrim({"models", "inspect", file});
    EXPECT_EQ(said.status, 0) << said.errors;
    EXPECT_THAT(said.output, AllOf(HasSubstr("card      "), Not(HasSubstr("guessed"))));
}

TEST_F(OwnNetwork, InspectWorksForNetworksThatShowNoPerson) {
    for (const char* name :
         {"face_detection_short_range.tflite", "face_detection_full_range.tflite"}) {
        const fs::path file = link_to(name);
        if (file.empty()) GTEST_SKIP() << name << " is not there";
        const auto finished = test::scrim({"models", "inspect", file});
        EXPECT_EQ(finished.status, 0) << finished.errors;
        EXPECT_THAT(finished.output, AllOf(HasSubstr("max pool"), HasSubstr("no output of it")));
    }
}

TEST_F(OwnNetwork, InspectShowsStates) {
    const std::string sides =
        R"("attr": {"shape": {"shape": {"dim": [{"size": "1"}, {"size": "4"}, {"size": "6"},
                                                {"size": "3"}]}}}})";
    test::write_file(folder_ / "model.json",
                     R"({"modelTopology": {"node": [
                         {"name": "h", "op": "Placeholder", )" +
                         sides + R"(,
                         {"name": "p", "op": "Placeholder", )" +
                         sides + R"(,
                         {"name": "s", "op": "AddV2", "input": ["p", "h"]},
                         {"name": "m", "op": "Sigmoid", "input": ["s"]},
                         {"name": "o", "op": "Relu", "input": ["s"]}]},
                       "weightsManifest": []})");
    test::write_file(folder_ / "model.yaml", "input: p\noutput: m\nchannel: 0\n");
    const auto finished = test::scrim({"models", "inspect", folder_ / "model.json"});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    EXPECT_THAT(finished.output,
                AllOf(HasSubstr("input     1x4x6x3  p\n"), HasSubstr("input     1x4x6x3  h\n"),
                      HasSubstr("state     h gets what o gave with the picture before\n"),
                      HasSubstr("states: {h: o}"), HasSubstr("  \"h\": \"o\"\n")));
}

TEST_F(OwnNetwork, InspectNamesAllThatIsNotSupported) {
    test::write_file(folder_ / "model.json",
                     R"({"modelTopology": {"node": [
                         {"name": "p", "op": "Placeholder"},
                         {"name": "q", "op": "Quux", "input": ["p"]},
                         {"name": "r", "op": "Relu", "input": ["q"]},
                         {"name": "s", "op": "Frob", "input": ["r"]}]},
                       "weightsManifest": []})");
    const auto finished = test::scrim({"models", "inspect", folder_ / "model.json"});
    EXPECT_NE(finished.status, 0);
    EXPECT_THAT(finished.output, testing::ContainsRegex("Quux +1  not supported"));
    EXPECT_THAT(finished.output, testing::ContainsRegex("Frob +1  not supported"));
    EXPECT_THAT(finished.output, testing::ContainsRegex("Relu +1\n"));
    EXPECT_THAT(finished.errors, HasSubstr("cannot be used"));
}

TEST_F(OwnNetwork, AMissingFileIsAMistakeInTheConfiguration) {
    test::write_file(folder_ / "config.yaml", "model: net.tflite\n");
    const auto finished = test::scrim({"check", folder_ / "config.yaml"});
    EXPECT_EQ(finished.status, 2);
    EXPECT_THAT(finished.errors, HasSubstr("config.yaml:1:8: model: there is no network file " +
                                           (folder_ / "net.tflite").string()));
}

}  // namespace
}  // namespace scrim
