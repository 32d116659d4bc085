// `scrim config` and `scrim profile` as a user meets them; nothing of what the user wrote is lost.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "config/config.h"
#include "support/command.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

const std::string gray = "layers:\n  - input: [grayscale]\n";
const std::string mirrored = "layers:\n  - input: [flip]  # my own\n";

class Profiles : public testing::Test {
  protected:
    void SetUp() override {
        home_ = folder_ / "scrim";
        config_ = home_ / "config.yaml";
    }

    /// scrim with this test's folder as the user's.
    test::Finished scrim(const std::vector<std::string>& arguments) const {
        std::vector<std::string> all{"env", "XDG_CONFIG_HOME=" + folder_.path().string(),
                                     test::scrim_path()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return test::run(all);
    }
    void write_config(const std::string& text) const {
        fs::create_directories(home_);
        test::write_file(config_, text);
    }
    void write_profile(const std::string& name, const std::string& text) const {
        fs::create_directories(home_ / "profiles");
        test::write_file(profile(name), text);
    }
    fs::path profile(const std::string& name) const {
        return home_ / "profiles" / (name + ".yaml");
    }
    /// All files below the user's folder whose text is this one.
    int copies_of(const std::string& text) const {
        int count = 0;
        for (const auto& entry : fs::recursive_directory_iterator(home_)) {
            if (entry.is_regular_file() && test::read_file(entry.path()) == text) ++count;
        }
        return count;
    }

    test::TemporaryFolder folder_;
    fs::path home_;
    fs::path config_;
};

TEST_F(Profiles, InitWritesTheDefaultAndSaysWhatNext) {
    const auto finished = scrim({"config", "init"});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    EXPECT_EQ(test::read_file(config_), default_config_text());
    EXPECT_THAT(finished.output,
                AllOf(HasSubstr("Wrote " + config_.string()),
                      HasSubstr("scrim check " + config_.string()), HasSubstr("scrim run\n")));
    EXPECT_EQ(scrim({"check", config_}).status, 0);
    EXPECT_EQ(scrim({"config", "path"}).output, config_.string() + "\n");
}

TEST_F(Profiles, InitOverwritesOnlyWhenForced) {
    write_config(mirrored);
    const auto refused = scrim({"config", "init"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(refused.errors, "scrim: " + config_.string() +
                                  " is there already and stays as it is; --force replaces it\n");
    EXPECT_EQ(test::read_file(config_), mirrored);

    const auto forced = scrim({"config", "init", "--force"});
    EXPECT_EQ(forced.status, 0) << forced.errors;
    EXPECT_EQ(test::read_file(config_), default_config_text());
    EXPECT_EQ(copies_of(mirrored), 1) << "kept as a profile";
}

TEST_F(Profiles, InitOfAnotherFile) {
    const std::string file = folder_ / "office.yaml";
    const auto finished = scrim({"config", "init", file});
    EXPECT_EQ(finished.status, 0) << finished.errors;
    EXPECT_THAT(finished.output, HasSubstr("scrim run --config " + file));
    EXPECT_EQ(test::read_file(file), default_config_text());
    EXPECT_FALSE(fs::exists(home_));

    const auto nowhere = scrim({"config", "init", folder_ / "missing" / "office.yaml"});
    EXPECT_EQ(nowhere.status, 1);
    EXPECT_THAT(nowhere.errors, AllOf(StartsWith("scrim: cannot write"), HasSubstr("No such")));
}

TEST_F(Profiles, ShowIsWhatRunWouldUse) {
    EXPECT_EQ(scrim({"config", "show"}).output, default_config_text());
    write_config(mirrored);
    EXPECT_EQ(scrim({"config", "show"}).output, mirrored);
}

TEST_F(Profiles, SavedOnesAreListedAndUsed) {
    write_config(gray);
    EXPECT_EQ(scrim({"profile", "save", "gray"}).status, 0);
    EXPECT_EQ(test::read_file(profile("gray")), gray);
    write_config(mirrored);
    EXPECT_EQ(scrim({"profile", "save", "my mirror"}).status, 0);
    EXPECT_EQ(scrim({"profile", "list"}).output, "  gray\n* my mirror\n");

    const auto used = scrim({"profile", "use", "gray"});
    EXPECT_EQ(used.status, 0) << used.errors;
    EXPECT_EQ(used.output, config_.string() + " is \"gray\" now\n");
    EXPECT_EQ(test::read_file(config_), gray);
    EXPECT_EQ(scrim({"profile", "list"}).output, "* gray\n  my mirror\n");
}

TEST_F(Profiles, UseKeepsWhatIsStoredNowhere) {
    write_profile("gray", gray);
    write_config(mirrored);
    const auto list = scrim({"profile", "list"});
    EXPECT_EQ(list.output, "  gray\n");
    EXPECT_THAT(list.errors, HasSubstr("is none of them; `scrim profile save NAME` stores it"));

    const auto used = scrim({"profile", "use", "gray"});
    EXPECT_EQ(used.status, 0) << used.errors;
    EXPECT_THAT(used.output, ContainsRegex("is the profile \"[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9.]+"));
    EXPECT_EQ(test::read_file(config_), gray);
    EXPECT_EQ(copies_of(mirrored), 1);
    for (int i = 0; i < 3; ++i) {  // within one second, too
        write_config(mirrored + std::string(static_cast<std::size_t>(i + 1), '\n'));
        EXPECT_EQ(scrim({"profile", "use", "gray"}).status, 0);
    }
    EXPECT_EQ(copies_of(mirrored + "\n"), 1);
    EXPECT_EQ(copies_of(mirrored + "\n\n"), 1);
    EXPECT_EQ(copies_of(mirrored + "\n\n\n"), 1);
}

TEST_F(Profiles, AWrongOneIsNotUsed) {
    write_profile("broken", "layers:\n  - input: [[blurr, 10]]\n");
    write_config(gray);
    const auto used = scrim({"profile", "use", "broken"});
    EXPECT_EQ(used.status, 2);
    EXPECT_EQ(used.errors, profile("broken").string() +
                               ":2:14: layers[0].input[0]: unknown filter \"blurr\"; did you mean "
                               "\"blur\"?\n  - input: [[blurr, 10]]\n             ^\n");
    EXPECT_EQ(test::read_file(config_), gray);
    EXPECT_EQ(copies_of(gray), 1) << "nothing was about to be replaced";
}

TEST_F(Profiles, PicturesAreNamedAsFromTheConfiguration) {
    fs::create_directories(home_);
    fs::copy_file(SCRIM_SOURCE_DIR "/config/backgrounds/room.jpg", home_ / "room.jpg");
    write_profile("room", "layers:\n  - empty: [[image, room.jpg]]\n");
    const auto used = scrim({"profile", "use", "room"});
    EXPECT_EQ(used.status, 0) << used.errors;
    EXPECT_EQ(used.errors, "");
    EXPECT_EQ(scrim({"check", config_}).status, 0);
}

TEST_F(Profiles, SaveReplacesOnlyWhenForced) {
    write_config(gray);
    write_profile("mine", mirrored);
    const auto refused = scrim({"profile", "save", "mine"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(refused.errors,
              "scrim: there is a profile \"mine\" already, and it is different; --force replaces "
              "it\n");
    EXPECT_EQ(test::read_file(profile("mine")), mirrored);
    EXPECT_EQ(scrim({"profile", "save", "mine", "--force"}).status, 0);
    EXPECT_EQ(test::read_file(profile("mine")), gray);
    EXPECT_EQ(scrim({"profile", "save", "mine"}).status, 0) << "the same once more";
}

TEST_F(Profiles, SaveNeedsAConfiguration) {
    const auto finished = scrim({"profile", "save", "mine"});
    EXPECT_EQ(finished.status, 1);
    EXPECT_EQ(finished.errors, "scrim: there is no configuration " + config_.string() +
                                   " yet; `scrim config init` writes one\n");
}

TEST_F(Profiles, NamesAreChecked) {
    write_config(gray);
    const std::vector<std::string> names{
        "", "../up", "a/b", ".hidden", "line\nfeed", ".yaml", std::string(101, 'x')};
    for (const std::string& name : names) {
        const auto finished = scrim({"profile", "save", name});
        EXPECT_EQ(finished.status, 1) << name;
        EXPECT_THAT(finished.errors, HasSubstr("cannot be the name of a profile")) << name;
    }
    EXPECT_FALSE(fs::exists(home_ / "profiles"));
    EXPECT_EQ(scrim({"profile", "save", "office.yaml"}).status, 0);
    EXPECT_TRUE(fs::exists(profile("office")));
}

TEST_F(Profiles, UnknownOnesAreExplained) {
    EXPECT_EQ(scrim({"profile", "use", "office"}).errors,
              "scrim: there is no profile \"office\", and no other; `scrim profile save NAME` "
              "stores your configuration as one\n");
    write_profile("office", gray);
    write_profile("home", gray);
    EXPECT_EQ(scrim({"profile", "use", "ofice"}).errors,
              "scrim: there is no profile \"ofice\"; did you mean \"office\"?\n");
    EXPECT_EQ(scrim({"profile", "use", "beach"}).errors,
              "scrim: there is no profile \"beach\"; there is home or office\n");
    EXPECT_EQ(scrim({"profile", "lst"}).errors,
              "scrim: there is no command \"profile lst\"; did you mean \"profile list\"?\n");
    EXPECT_THAT(scrim({"profile"}).output, HasSubstr("save "));
}

TEST_F(Profiles, ALinkIsReplacedAndNotWhatItLeadsTo) {
    write_profile("gray", gray);
    test::write_file(folder_ / "dotfiles.yaml", mirrored);
    fs::create_symlink(folder_ / "dotfiles.yaml", config_);
    EXPECT_EQ(scrim({"config", "show"}).output, mirrored);

    const auto used = scrim({"profile", "use", "gray"});
    EXPECT_EQ(used.status, 0) << used.errors;
    EXPECT_THAT(used.output, HasSubstr("was a link; " + (folder_ / "dotfiles.yaml").string() +
                                       ", to which it led, is unchanged\n"));
    EXPECT_EQ(test::read_file(folder_ / "dotfiles.yaml"), mirrored);
    EXPECT_EQ(test::read_file(config_), gray);

    // A link to a profile: using another one must not change that profile.
    write_profile("mirror", mirrored);
    fs::remove(config_);
    fs::create_symlink("profiles/mirror.yaml", config_);
    EXPECT_EQ(scrim({"profile", "use", "gray"}).status, 0);
    EXPECT_EQ(test::read_file(profile("mirror")), mirrored);

    // A link to nothing.
    fs::remove(config_);
    fs::create_symlink("nowhere.yaml", config_);
    EXPECT_EQ(scrim({"profile", "use", "gray"}).status, 0);
    EXPECT_EQ(test::read_file(config_), gray);
}

TEST_F(Profiles, WhatIsPrivateStaysPrivate) {
    write_config(gray);
    const fs::perms own = fs::perms::owner_read | fs::perms::owner_write;
    fs::permissions(config_, own);
    EXPECT_EQ(scrim({"profile", "save", "gray"}).status, 0);
    EXPECT_EQ(fs::status(profile("gray")).permissions(), own);
    write_config(mirrored);
    EXPECT_EQ(scrim({"profile", "use", "gray"}).status, 0);
    EXPECT_EQ(fs::status(config_).permissions(), own);
}

TEST_F(Profiles, WhatCannotBeStoredIsNotReplaced) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    write_profile("gray", gray);
    write_config(mirrored);
    fs::permissions(home_ / "profiles", fs::perms::owner_read | fs::perms::owner_exec);
    const auto used = scrim({"profile", "use", "gray"});
    fs::permissions(home_ / "profiles", fs::perms::owner_all);
    EXPECT_EQ(used.status, 1);
    EXPECT_EQ(test::read_file(config_), mirrored);
}

}  // namespace
}  // namespace scrim
