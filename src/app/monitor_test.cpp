#include "app/monitor.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Statistics after_a_minute() {
    Statistics statistics;
    statistics.frames = 1800;
    statistics.skipped = 3;
    statistics.stages[0] = {1800, std::chrono::milliseconds(1800)};
    for (int i = 0; i < 1800; ++i)
        statistics.latency.add(std::chrono::milliseconds(10));
    return statistics;
}

Window one_second_later() {
    Window window;
    window.length = std::chrono::seconds(1);
    window.before = window.now = after_a_minute();
    window.now.frames += 30;
    window.now.skipped += 2;
    window.now.stages[0].count += 30;
    window.now.stages[0].total += std::chrono::milliseconds(60);
    for (int i = 0; i < 30; ++i)
        window.now.latency.add(std::chrono::milliseconds(20));
    window.cpu = 0.125;
    window.source = "pattern";
    window.sinks = {"null"};
    return window;
}

TEST(Window, IsTheDifferenceOfTwoLooks) {
    const Window window = one_second_later();
    EXPECT_DOUBLE_EQ(window.rate(), 30);
    EXPECT_DOUBLE_EQ(window.stage_ms(0), 2);
    EXPECT_NEAR(milliseconds(window.latency().quantile(0.5)), 20, 1) << "not of the minute before";
    EXPECT_EQ(window.stage_ms(1), 0) << "nothing was measured";
}

TEST(Window, AsALine) {
    Window window = one_second_later();
    EXPECT_THAT(line_of(window), HasSubstr(" 30.0/s  latency "));
    EXPECT_THAT(line_of(window), HasSubstr("decode 2.00"));
    EXPECT_THAT(line_of(window), HasSubstr("CPU 12.5%  2 skipped"));
    EXPECT_THAT(line_of(window), testing::Not(HasSubstr("broken")));
    window.now.effort = "50% of the pictures";
    window.paused = true;
    EXPECT_THAT(line_of(window), HasSubstr("  paused  50% of the pictures"));
}

TEST(Window, AsJson) {
    const auto json = json_of(one_second_later());
    EXPECT_EQ(json.at("frames"), 1830);
    EXPECT_EQ(json.at("skipped"), 5) << "counts are those since the start";
    EXPECT_EQ(json.at("rate"), 30);
    EXPECT_EQ(json.at("cpu_percent"), 12.5);
    EXPECT_NEAR(json.at("latency_ms").at("p99").get<double>(), 20, 1);
    for (const auto& name : stage_names)
        EXPECT_TRUE(json.at("stages_ms").contains(std::string(name)));
}

class Monitors : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
    }
    void TearDown() override {
        ::unsetenv("XDG_RUNTIME_DIR");
        fs::remove_all(folder_);
    }

    static PipelineSetup pattern() {
        PipelineSetup setup{.scene = scene_of_text("layers:\n  - input: []\n", "test", "/"),
                            .source = {},
                            .sinks = {}};
        setup.source.device = "pattern";
        setup.source.width = 64;
        setup.source.height = 48;
        setup.sinks.push_back({});
        setup.sinks.back().target = "null";
        return setup;
    }

    static std::string line_from(const Fd& client) {
        std::string line;
        std::array<char, 1> letter{};
        pollfd file{client.get(), POLLIN, 0};
        while (::poll(&file, 1, 20000) > 0 && ::read(client.get(), letter.data(), 1) == 1) {
            if (letter[0] == '\n') return line;
            line += letter[0];
        }
        return line;
    }

    fs::path folder_ =
        fs::path(testing::TempDir()) / ("scrim_monitor_" + std::to_string(::getpid()));
};

TEST_F(Monitors, TellsEveryoneWhoConnects) {
    Pipeline pipeline(pattern());
    const Monitor monitor(pipeline, {});
    pipeline.start();
    ASSERT_THAT(running_instances(), testing::ElementsAre(::getpid()));
    const Fd first = connect_to_instance(::getpid());
    const Fd second = connect_to_instance(::getpid());
    { const Fd gone = connect_to_instance(::getpid()); }
    for (int i = 0; i < 2; ++i) {
        const auto json = nlohmann::json::parse(line_from(first));
        EXPECT_GT(json.at("frames"), 0);
        EXPECT_THAT(json.at("sinks"), testing::ElementsAre("null"));
        EXPECT_EQ(nlohmann::json::parse(line_from(second)).at("frames"), json.at("frames"));
    }
}

TEST_F(Monitors, AppendsToAFile) {
    const fs::path file = folder_ / "stats.json";
    {
        Pipeline pipeline(pattern());
        const Monitor monitor(pipeline, {.json = file});
        pipeline.start();
        const Time end = Clock::now() + std::chrono::seconds(20);
        while (fs::file_size(file) == 0 && Clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    std::string line;
    std::getline(std::ifstream(file), line);
    EXPECT_GT(nlohmann::json::parse(line).at("frames"), 0);
}

TEST_F(Monitors, AFileThatCannotBeWrittenIsSaid) {
    Pipeline pipeline(pattern());
    EXPECT_THROW(Monitor(pipeline, {.json = folder_ / "no" / "file"}), Error);
}

TEST_F(Monitors, WhatADeadProcessLeftIsRemoved) {
    const fs::path left = instances_folder() / "4194999.sock";
    { Fd socket(::open(left.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRWXU)); }
    EXPECT_THAT(running_instances(), testing::IsEmpty());
    EXPECT_FALSE(fs::exists(left));
    EXPECT_THROW(connect_to_instance(4194999), Error);
}

TEST_F(Monitors, AFolderOpenToOthersIsNotUsed) {
    ::chmod(instances_folder().c_str(), 0777);
    EXPECT_THROW(instances_folder(), Error);
}

}  // namespace
}  // namespace scrim
