// A running `scrim run`: its signals, its statistics, and `scrim top`.

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/command.h"

namespace scrim {
namespace {

using testing::HasSubstr;

class Live : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1);
        save("layers:\n  - input: []\n");
    }
    void TearDown() override { ::unsetenv("XDG_RUNTIME_DIR"); }

    void save(const std::string& layers) const {
        test::write_file(folder_ / "config.yaml", "width: 160\nheight: 120\n" + layers);
    }
    std::vector<std::string> run() const {
        return {test::scrim_path(), "run",      "--config", (folder_ / "config.yaml").string(),
                "--source",         "pattern",  "--output", "null",
                "--stats-json",     json_file()};
    }
    std::string json_file() const { return (folder_ / "stats.json").string(); }

    /// The newest line of the statistics that fulfils the condition, or an empty object.
    nlohmann::json soon(const std::function<bool(const nlohmann::json&)>& holds) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (std::chrono::steady_clock::now() < end) {
            std::string text = test::read_file(json_file());
            text.erase(text.rfind('\n') + 1);
            const auto last = text.size() < 2 ? text.npos : text.rfind('\n', text.size() - 2);
            auto line = nlohmann::json::parse(last == text.npos ? text : text.substr(last + 1),
                                              nullptr, false);
            if (line.is_object() && holds(line)) return line;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return nlohmann::json::object();
    }
    bool said(const test::Command& command, const std::string& text) const {
        const auto says = [&](const nlohmann::json& /*now*/) {
            return command.errors().find(text) != std::string::npos;
        };
        return !soon(says).empty();
    }

    test::TemporaryFolder folder_;
};

TEST_F(Live, PausesGoesOnReloadsAndEndsBySignals) {
    test::write_file(json_file(), "");
    test::Command command(run());
    EXPECT_FALSE(soon([](const auto& now) { return now.at("rate") > 5; }).empty());
    command.signal(SIGUSR1);
    const auto paused =
        soon([](const auto& now) { return now.at("paused") && now.at("rate") == 0; });
    ASSERT_FALSE(paused.empty());
    EXPECT_GT(paused.at("covers"), 0);
    command.signal(SIGUSR1);
    EXPECT_FALSE(
        soon([](const auto& now) { return !now.at("paused") && now.at("rate") > 5; }).empty());
    command.signal(SIGHUP);
    EXPECT_TRUE(said(command, "loaded anew"));
    command.signal(SIGTERM);
    const auto finished = command.wait();
    EXPECT_EQ(finished.status, 0);
    EXPECT_THAT(finished.errors, HasSubstr("milliseconds a frame:"));
}

TEST_F(Live, TopShowsWhatRuns) {
    const auto nothing = test::scrim({"top"});
    EXPECT_EQ(nothing.status, 1);
    EXPECT_THAT(nothing.errors, HasSubstr("no scrim runs"));
    test::write_file(json_file(), "");
    test::Command command(run());
    ASSERT_FALSE(soon([](const auto& now) { return now.at("frames") > 0; }).empty());
    const auto top = test::scrim({"top", "--times", "2"});
    EXPECT_EQ(top.status, 0);
    EXPECT_THAT(top.output, HasSubstr("  to       null"));
    EXPECT_THAT(top.output, testing::ContainsRegex("compose  \\[[#.]*\\] +[0-9.]* ms"));
    command.signal(SIGINT);
    EXPECT_EQ(command.wait().status, 0);
}

TEST_F(Live, ACpuBudgetIsKept) {
    save("cpu_budget: 1%\nlayers:\n  - input: [[blur, 25], [gaussian_blur, 9]]\n");
    test::write_file(json_file(), "");
    test::Command command(run());
    const auto sparing = soon([](const auto& now) { return now.at("effort") != ""; });
    ASSERT_FALSE(sparing.empty());
    EXPECT_TRUE(said(command, "% of a core used, 1% allowed"));
    command.signal(SIGINT);
    EXPECT_EQ(command.wait().status, 0);
}

}  // namespace
}  // namespace scrim
