#include "segment/model_files.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* name = "selfie_segmentation.tflite";

/// Its own folders, and the environment as it was afterwards.
class ModelFiles : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("scrim_models_" + std::to_string(getpid()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        for (const char* variable : variables) {
            const char* value = std::getenv(variable);
            old_.push_back(value == nullptr ? std::nullopt : std::optional<std::string>(value));
            unsetenv(variable);
        }
        set("HOME", folder_ / "home");
        set("XDG_DATA_DIRS", folder_ / "one" / "share" += ":" + (folder_ / "two").string());
    }
    void TearDown() override {
        for (std::size_t i = 0; i < old_.size(); ++i) {
            if (old_[i]) {
                setenv(variables[i], old_[i]->c_str(), 1);
            } else {
                unsetenv(variables[i]);
            }
        }
        fs::remove_all(folder_);
    }

    static void set(const char* variable, const fs::path& value) {
        setenv(variable, value.c_str(), 1);
    }
    fs::path write(const fs::path& relative, const std::string& content) const {
        fs::path path = folder_ / relative;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << content;
        return path;
    }
    static std::string error() {
        try {
            read_model_file(name);
        } catch (const Error& e) {
            return e.what();
        }
        return "no error";
    }

    static constexpr std::array variables{"SCRIM_MODEL_DIR", "SCRIM_MODEL_PATH", "XDG_DATA_HOME",
                                          "XDG_DATA_DIRS", "HOME"};
    fs::path folder_;
    std::vector<std::optional<std::string>> old_;
};

TEST_F(ModelFiles, FoldersAreLookedThroughInOrder) {
    const std::vector<fs::path> in_order{"models", "home/.local/share/scrim/models",
                                         "one/share/scrim/models", "two/scrim/models"};
    set("SCRIM_MODEL_PATH", (folder_ / "empty").string() + "::" + (folder_ / "models").string());
    for (auto folder = in_order.rbegin(); folder != in_order.rend(); ++folder) {
        const fs::path path = write(*folder / name, "x");
        EXPECT_EQ(find_model_file(name), path);
    }
    set("XDG_DATA_HOME", folder_ / "data");
    EXPECT_EQ(model_folders().at(2), folder_ / "data" / "scrim" / "models");
}

TEST_F(ModelFiles, TheFolderOfFetchedOnesComesFirst) {
    EXPECT_EQ(own_model_folder(), folder_ / "home/.local/share/scrim/models");
    set("XDG_DATA_HOME", folder_ / "data");
    EXPECT_EQ(own_model_folder(), folder_ / "data/scrim/models");
    set("SCRIM_MODEL_PATH", folder_ / "models");
    set("SCRIM_MODEL_DIR", folder_ / "own");
    EXPECT_EQ(own_model_folder(), folder_ / "own");
    EXPECT_EQ(model_folders().at(0), folder_ / "own");
    EXPECT_EQ(model_folders().at(1), folder_ / "models");
    for (const char* variable : variables)
        unsetenv(variable);
    EXPECT_THROW(own_model_folder(), Error);
}

TEST_F(ModelFiles, KnowsTheFolderBesideTheProgram) {
    const fs::path program = fs::read_symlink("/proc/self/exe");
    EXPECT_THAT(model_folders(),
                Contains(program.parent_path().parent_path() / "share" / "scrim" / "models"));
}

TEST_F(ModelFiles, EmptyVariablesCountAsUnsetAndRelativeOnesAreIgnored) {
    set("XDG_DATA_DIRS", "");
    set("XDG_DATA_HOME", "relative");
    EXPECT_THAT(model_folders(), Contains(fs::path("/usr/share/scrim/models")));
    for (const auto& folder : model_folders())
        EXPECT_TRUE(folder.is_absolute()) << folder;
    unsetenv("HOME");
    set("XDG_DATA_HOME", "");
    for (const auto& folder : model_folders())
        EXPECT_TRUE(folder.is_absolute()) << folder;
}

TEST_F(ModelFiles, ReadsTheContent) {
    write(fs::path("two/scrim/models") / name, "abc");
    const auto content = read_model_file(name);
    ASSERT_EQ(content.size(), 3U);
    EXPECT_EQ(content[2], std::byte{'c'});
}

TEST_F(ModelFiles, SaysWhereAMissingFileWasLookedForAndHowToGetIt) {
    set("SCRIM_MODEL_PATH", folder_ / "models");
    EXPECT_THAT(error(), AllOf(HasSubstr(name), HasSubstr((folder_ / "models").string()),
                               HasSubstr((folder_ / "two/scrim/models").string()),
                               HasSubstr("`scrim models pull mediapipe-square` fetches it")));
}

TEST_F(ModelFiles, SaysWhatIsWrongWithAFile) {
    set("SCRIM_MODEL_PATH", folder_ / "models");
    const fs::path path = folder_ / "models" / name;

    fs::create_directories(path);
    EXPECT_THAT(error(), AllOf(HasSubstr(path.string()), HasSubstr("it is a folder")));
    fs::remove(path);

    write(fs::path("models") / name, "");
    EXPECT_THAT(error(), AllOf(HasSubstr(path.string()), HasSubstr("it is empty")));

    fs::resize_file(path, (std::uintmax_t{64} << 20) + 1);
    EXPECT_THAT(error(), HasSubstr("larger than 64 MiB"));
    fs::remove(path);

    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    EXPECT_THAT(error(), HasSubstr("not a regular file"));
}

TEST_F(ModelFiles, SaysThatAFileMayNotBeRead) {
    if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
    set("SCRIM_MODEL_PATH", folder_ / "models");
    const fs::path path = write(fs::path("models") / name, "x");
    fs::permissions(path, fs::perms::none);
    EXPECT_THAT(error(), AllOf(HasSubstr(path.string()), HasSubstr("Permission denied")));
}

}  // namespace
}  // namespace scrim
