#include "segment/catalogue.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "config/config.h"
#include "segment/bodypix.h"
#include "segment/network/tfjs_small_model.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* abc_sha256 =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// Two networks, one of them without checksums.
const std::string two_networks = std::string(R"(
- family: Letters
  licence: MIT
  gives: [mask, parts]
  outputs: [one, two]
  from: https://example.org/letters
  networks:
  - name: abc
    at: float/3
    files:
      - {file: letters/abc.bin, bytes: 3, sha256: )") +
                                 abc_sha256 + R"(}
      - {file: letters/abc.json, bytes: 3, sha256: )" +
                                 abc_sha256 + R"(}
- family: Others
  licence: Apache-2.0
  gives: [mask]
  outputs: [result]
  from: npm:others@1.0
  networks:
  - name: unknown
    files:
      - {file: other/model.json}
)";

std::string error_of(const std::string& yaml) {
    try {
        const Catalogue catalogue(yaml);
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

class CatalogueFiles : public testing::Test {
  protected:
    void SetUp() override { fs::create_directories(folder_); }
    void TearDown() override { fs::remove_all(folder_); }
    void write(const std::string& name, const std::string& content) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name, std::ios::binary) << content;
    }

    Catalogue catalogue_{two_networks};
    const NetworkEntry& abc_ = catalogue_.at("abc");
    const NetworkEntry& unknown_ = catalogue_.at("unknown");
    fs::path folder_ =
        fs::path(testing::TempDir()) / ("scrim_catalogue_" + std::to_string(getpid()));
};

TEST_F(CatalogueFiles, AnEntryHasWhatItsFamilySays) {
    ASSERT_EQ(catalogue_.networks().size(), 2U);
    EXPECT_EQ(abc_.family, "Letters");
    EXPECT_EQ(abc_.licence, "MIT");
    EXPECT_THAT(abc_.gives, ElementsAre("mask", "parts"));
    EXPECT_THAT(abc_.outputs, ElementsAre("one", "two"));
    EXPECT_EQ(abc_.origin, "https://example.org/letters/float/3");
    EXPECT_EQ(abc_.family_origin, "https://example.org/letters");
    EXPECT_EQ(abc_.model().name, "letters/abc.json");
    EXPECT_EQ(abc_.bytes(), 6);
    EXPECT_TRUE(abc_.verifiable());
    EXPECT_EQ(unknown_.origin, "npm:others@1.0");
    EXPECT_EQ(unknown_.bytes(), 0);
    EXPECT_FALSE(unknown_.verifiable());
}

TEST_F(CatalogueFiles, AreFoundByNameAndByFile) {
    EXPECT_EQ(catalogue_.find("abc"), &abc_);
    EXPECT_EQ(catalogue_.find("abd"), nullptr);
    EXPECT_EQ(catalogue_.with_file("other/model.json"), &unknown_);
    EXPECT_EQ(catalogue_.with_file("other/model"), nullptr);
    const auto message = [&](const char* name) {
        try {
            catalogue_.at(name);
        } catch (const Error& e) {
            return std::string(e.what());
        }
        return std::string("no error");
    };
    EXPECT_EQ(message("unknwon"), "there is no network \"unknwon\"; did you mean \"unknown\"?");
    EXPECT_EQ(message("xyz"), "there is no network \"xyz\"; `scrim models` lists them");
}

TEST(Catalogue, SaysWhatIsWrongWithAList) {
    const auto without = [](const std::string& what) {
        std::string yaml = two_networks;
        return yaml.erase(yaml.find(what), what.size());
    };
    EXPECT_THAT(error_of("- ["), HasSubstr("cannot be read"));
    EXPECT_THAT(error_of(without("  licence: MIT\n")), HasSubstr("cannot be read"));
    EXPECT_THAT(error_of(without("bytes: 3, ")), HasSubstr("letters/abc.bin: bytes and sha256"));
    EXPECT_THAT(error_of(without(", sha256: " + std::string(abc_sha256))),
                HasSubstr("bytes and sha256 belong together"));
    EXPECT_THAT(error_of(without("      - {file: other/model.json}\n")), HasSubstr("has no files"));
    EXPECT_THAT(error_of(without(", bytes: 3, sha256: " + std::string(abc_sha256))),
                HasSubstr("the model stands alone"));
    std::string twice = two_networks;
    twice.replace(twice.find("name: unknown"), 13, "name: abc");
    EXPECT_EQ(error_of(twice), "abc is there twice");
}

TEST_F(CatalogueFiles, AreRightByLengthAndChecksum) {
    const NetworkFile& file = abc_.model();
    EXPECT_FALSE(is_right(file, folder_ / "x"));
    EXPECT_FALSE(is_right(file, folder_));
    write("x", "abc");
    EXPECT_EQ(sha256_of(folder_ / "x"), abc_sha256);
    EXPECT_TRUE(is_right(file, folder_ / "x"));
    for (const char* wrong : {"", "ab", "abd", "abcd"}) {
        write("x", wrong);
        EXPECT_FALSE(is_right(file, folder_ / "x")) << wrong;
    }
    EXPECT_THROW(sha256_of(folder_ / "y"), Error);
    // More than one read, and its end not at the end of one.
    write("x", std::string(1'000'000, 'a'));
    EXPECT_EQ(sha256_of(folder_ / "x"),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(CatalogueFiles, SayWhichOfThemIsDamaged) {
    write("letters/abc.json", "abc");
    EXPECT_THAT(damage(abc_, folder_), HasSubstr("abc.bin is missing"));
    write("letters/abc.bin", "abx");
    EXPECT_THAT(damage(abc_, folder_), HasSubstr("abc.bin is not the file"));
    write("letters/abc.bin", "abc");
    EXPECT_EQ(damage(abc_, folder_), "");
    // Beside their places.
    write("letters/abc.bin.part", "abc");
    write("letters/abc.bin", "old");
    EXPECT_EQ(damage(abc_,
                     [&](const std::string& name) {
                         return folder_ / (name == "letters/abc.bin" ? name + ".part" : name);
                     }),
              "");
}

TEST_F(CatalogueFiles, WithoutChecksumsAreTriedInstead) {
    const TfjsMaker maker = small_model();
    write("other/model.json", "{}");
    EXPECT_NE(damage(unknown_, folder_), "");
    EXPECT_THROW(weight_files(unknown_, folder_ / "other/model.json"), Error);
    write("other/model.json", maker.json().dump());
    EXPECT_THAT(damage(unknown_, folder_), HasSubstr("cannot read"));
    const auto weights = weight_files(unknown_, folder_ / "other/model.json");
    ASSERT_EQ(weights.size(), 2U);
    for (const NetworkFile& file : weights) {
        EXPECT_TRUE(file.name.starts_with("other/")) << file.name;
        const auto content = maker.files().at(fs::path(file.name).filename());
        write(file.name, {reinterpret_cast<const char*>(content.data()), content.size()});
    }
    EXPECT_EQ(damage(unknown_, folder_), "");
    fs::resize_file(folder_ / weights[0].name, 10);
    EXPECT_NE(damage(unknown_, folder_), "");
}

TEST(BuiltInCatalogue, EveryEntryIsComplete) {
    for (const NetworkEntry& network : Catalogue::built_in().networks()) {
        EXPECT_FALSE(network.gives.empty()) << network.name;
        EXPECT_FALSE(network.outputs.empty()) << network.name;
        EXPECT_FALSE(network.licence.empty()) << network.name;
        EXPECT_TRUE(network.origin.starts_with("npm:@") ||
                    network.origin.starts_with("https://storage.googleapis.com/"))
            << network.origin;
        for (const NetworkFile& file : network.files) {
            EXPECT_TRUE(file.sha256.empty() ||
                        file.sha256.find_first_not_of("0123456789abcdef") == std::string::npos)
                << file.name;
            // Its licence is not clear: not to be offered.
            EXPECT_THAT(file.name, testing::Not(HasSubstr("segm_full")));
        }
        EXPECT_EQ(Catalogue::built_in().with_file(network.model().name), &network);
    }
}

TEST(BuiltInCatalogue, HasWhatAConfigurationCanAskFor) {
    const auto name = [](BodyPixKind kind, double multiplier, int stride) {
        Config config;
        config.multiplier = multiplier;
        config.stride = stride;
        const std::string file = bodypix_files(kind, config).front();
        const NetworkEntry* const network = Catalogue::built_in().with_file(file);
        return network == nullptr ? "nothing for " + file : network->name;
    };
    EXPECT_EQ(name(BodyPixKind::mobilenet, 0.25, 8), "mobilenet-025-stride8");
    EXPECT_EQ(name(BodyPixKind::mobilenet, 0.5, 16), "mobilenet-050-stride16");
    EXPECT_EQ(name(BodyPixKind::mobilenet, 0.75, 8), "mobilenet-075-stride8");
    EXPECT_EQ(name(BodyPixKind::mobilenet, 1, 16), "mobilenet-100-stride16");
    EXPECT_EQ(name(BodyPixKind::resnet50, 0.5, 16), "resnet50-stride16");
    EXPECT_EQ(name(BodyPixKind::resnet50, 0.5, 32), "resnet50-stride32");
    EXPECT_EQ(how_to_get("selfie_segmentation.tflite"),
              "`scrim models pull mediapipe-square` fetches it");
    EXPECT_EQ(how_to_get("my.tflite"), "copy it there");
}

TEST(BuiltInCatalogue, KnowsTheFilesThatCanBeHadHere) {
    const fs::path models = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared" / "models";
    if (!fs::exists(models)) GTEST_SKIP() << models << " is not there";
    int right = 0;
    for (const NetworkEntry& network : Catalogue::built_in().networks()) {
        if (!network.verifiable()) continue;
        EXPECT_EQ(damage(network, models), "") << network.name;
        ++right;
    }
    EXPECT_EQ(right, 12);
}

}  // namespace
}  // namespace scrim
