#include "segment/registry.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "segment/catalogue.h"

namespace scrim {
namespace {

using testing::HasSubstr;

std::string error_for(const std::string& model) {
    Config config;
    config.model = model;
    try {
        open_segmenter(config, 640, 480, {.mask = true});
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

TEST(ModelRegistry, EveryEntryIsComplete) {
    std::set<std::string_view> names;
    for (const ModelKind& kind : model_kinds()) {
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
        EXPECT_FALSE(kind.files({}).empty()) << kind.name;
        for (const std::string& file : kind.files({}))
            EXPECT_NE(Catalogue::built_in().with_file(file), nullptr) << file;
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

TEST(ModelRegistry, ResnetIsAnotherNameForResnet50) {
    ASSERT_NE(find_model("resnet50"), nullptr);
    EXPECT_EQ(find_model("resnet"), find_model("resnet50"));
}

TEST(ModelRegistry, KnowsWhichStridesAModelHas) {
    const auto problem = [](const std::string& model, int stride) {
        Config config;
        config.model = model;
        config.stride = stride;
        const auto found = model_problem(config);
        return found ? found->key + ": " + found->message : "";
    };
    EXPECT_EQ(problem("mobilenet", 8), "");
    EXPECT_EQ(problem("mobilenet", 16), "");
    EXPECT_EQ(problem("mobilenet", 32), "stride: mobilenet has a stride of 8 or 16, not 32");
    EXPECT_EQ(problem("resnet50", 8), "stride: resnet50 has a stride of 16 or 32, not 8");
    EXPECT_EQ(problem("resnet", 8), "stride: resnet50 has a stride of 16 or 32, not 8");
    EXPECT_EQ(problem("resnet", 32), "");
    EXPECT_EQ(problem("mediapipe", 32), "");
    EXPECT_THAT(problem("unknown", 32), testing::StartsWith("model: "));
}

TEST(ModelRegistry, GuessesWhatWasMeant) {
    EXPECT_EQ(find_model("mediapip"), nullptr);
    EXPECT_THAT(error_for("mediapip"), HasSubstr("did you mean \"mediapipe\"?"));
    EXPECT_THAT(error_for("mobilnet"), HasSubstr("did you mean \"mobilenet\"?"));
    EXPECT_THAT(error_for("yolo"), HasSubstr("mediapipe-square, mobilenet or resnet50"));
}

}  // namespace
}  // namespace scrim
