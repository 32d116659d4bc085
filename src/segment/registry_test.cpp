#include "segment/registry.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scrim {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string error_for(const std::string& model) {
    Config config;
    config.model = model;
    try {
        open_segmenter(config, 640, 480);
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

TEST(ModelRegistry, EveryEntryIsComplete) {
    std::set<std::string_view> names;
    for (const ModelKind& kind : model_kinds()) {
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
        EXPECT_FALSE(kind.files.empty()) << kind.name;
        EXPECT_FALSE(kind.licence.empty()) << kind.name;
        EXPECT_FALSE(kind.help.empty()) << kind.name;
        EXPECT_NE(kind.open, nullptr) << kind.name;
        EXPECT_EQ(find_model(kind.name), &kind);
    }
}

TEST(ModelRegistry, TheDefaultIsMediapipe) {
    ASSERT_NE(find_model(""), nullptr);
    EXPECT_EQ(find_model("")->name, "mediapipe");
}

TEST(ModelRegistry, SaysThatBodyPartNetworksAreNotThereYet) {
    for (const std::string name : {"mobilenet", "resnet50", "resnet"}) {
        EXPECT_EQ(find_model(name), nullptr);
        EXPECT_THAT(error_for(name),
                    AllOf(HasSubstr(name), HasSubstr("body parts"), HasSubstr("model: mediapipe")));
    }
}

TEST(ModelRegistry, GuessesWhatWasMeant) {
    EXPECT_EQ(find_model("mediapip"), nullptr);
    EXPECT_THAT(error_for("mediapip"), HasSubstr("did you mean \"mediapipe\"?"));
    EXPECT_THAT(error_for("mobilnet"), HasSubstr("did you mean \"mobilenet\"?"));
    EXPECT_THAT(error_for("yolo"), HasSubstr("mediapipe, mediapipe-landscape or mediapipe-square"));
}

}  // namespace
}  // namespace scrim
