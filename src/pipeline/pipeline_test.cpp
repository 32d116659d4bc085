#include "pipeline/pipeline.h"

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace scrim {
namespace {

/// No file may grow beyond that while it lives: as good as a full disk.
class FileLimit {
  public:
    explicit FileLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;

  private:
    rlimit before_{};
};

class Pipelines : public testing::Test {
  protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    /// From the pattern to some sinks, without a network.
    PipelineSetup setup(const std::string& source, const std::vector<std::string>& targets,
                        bool live) const {
        PipelineSetup s{
            .scene = scene_of_text("layers:\n  - input: [[blur, 3]]\n", "test", folder_),
            .source = {},
            .sinks = {}};
        s.source.device = source;
        s.source.width = 64;
        s.source.height = 48;
        s.source.fps = 200;
        s.source.live = live;
        for (const auto& target : targets) {
            SinkRequest request;
            request.target = target;
            s.sinks.push_back(request);
        }
        return s;
    }

    std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                    ("pipeline-" + std::to_string(getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Pipelines, OfflineEveryFrameReachesEverySink) {
    const auto file = (folder_ / "out.y4m").string();
    Pipeline pipeline(setup("pattern:50", {file, "null"}, false));
    EXPECT_EQ(pipeline.sinks().size(), 2U);
    pipeline.start();
    pipeline.join();
    const Statistics statistics = pipeline.statistics();
    EXPECT_EQ(statistics.frames, 50U);
    EXPECT_EQ(statistics.skipped, 0U);
    EXPECT_EQ(statistics.broken, 0U);
    EXPECT_EQ(statistics.stages[static_cast<std::size_t>(Stage::output)].count, 100U);
    constexpr std::uintmax_t frame = 6 + 64 * 48 * 3 / 2;  // "FRAME\n" and the planes
    EXPECT_GT(std::filesystem::file_size(file), 50 * frame);
    EXPECT_LT(std::filesystem::file_size(file), 51 * frame);
}

TEST_F(Pipelines, LiveEndsAtTheFrameLimitAndStatisticsCanBeReadMeanwhile) {
    auto s = setup("pattern", {"null", (folder_ / "out.y4m").string()}, true);
    s.frame_limit = 40;
    Pipeline pipeline(std::move(s));
    pipeline.start();
    std::uint64_t last = 0;
    while (!pipeline.wait_for(std::chrono::milliseconds(1))) {
        const std::uint64_t now = pipeline.statistics().frames;
        EXPECT_GE(now, last);
        last = now;
    }
    pipeline.join();
    EXPECT_EQ(pipeline.statistics().frames, 40U);
}

TEST_F(Pipelines, StopEndsALiveStreamFromAnotherThread) {
    Pipeline pipeline(setup("pattern", {"null"}, true));
    pipeline.start();
    std::jthread stopper([&pipeline] { pipeline.stop(); });
    pipeline.join();
}

TEST_F(Pipelines, IsStoppedByItsEnd) {
    Pipeline pipeline(setup("pattern", {"null"}, true));
    pipeline.start();
    while (pipeline.statistics().frames == 0)
        std::this_thread::yield();
}

TEST_F(Pipelines, NeverStartedIsFine) {
    const Pipeline pipeline(setup("pattern", {"null"}, true));
}

TEST_F(Pipelines, AFullDiskEndsOfflineWorkWithTheReason) {
    const FileLimit limit(100000);
    Pipeline pipeline(setup("pattern:1000", {(folder_ / "out.y4m").string()}, false));
    pipeline.start();
    try {
        pipeline.join();
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("File too large"));
    }
    EXPECT_LT(pipeline.statistics().frames, 1000U);
}

TEST_F(Pipelines, ASinkThatFailsLeavesAMeetingRunning) {
    const FileLimit limit(100000);
    auto s = setup("pattern", {"null", (folder_ / "record.y4m").string()}, true);
    s.frame_limit = 200;
    Pipeline pipeline(std::move(s));
    pipeline.start();
    EXPECT_NO_THROW(pipeline.join());
    EXPECT_EQ(pipeline.statistics().frames, 200U);
}

constexpr auto always = [] { return true; };

/// Waits for that many more frames.
void let_flow(const Pipeline& pipeline, std::uint64_t frames) {
    const std::uint64_t wanted = pipeline.statistics().frames + frames;
    const Time end = Clock::now() + std::chrono::seconds(30);
    while (pipeline.statistics().frames < wanted && Clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_GE(pipeline.statistics().frames, wanted);
}

TEST_F(Pipelines, ReloadChangesLayersSourceAndSinksUnderFlowingFrames) {
    const auto first = (folder_ / "first.y4m").string();
    const auto second = (folder_ / "second.y4m").string();
    Pipeline pipeline(setup("pattern", {first}, true));
    pipeline.start();
    let_flow(pipeline, 5);
    EXPECT_TRUE(pipeline.reload(setup("pattern", {first}, true), always));
    let_flow(pipeline, 5);

    auto larger = setup("pattern", {first, "null"}, true);
    larger.source.width = 96;
    larger.source.height = 96;
    EXPECT_TRUE(pipeline.reload(std::move(larger), always));
    let_flow(pipeline, 5);
    EXPECT_EQ(pipeline.source().width, 96);
    EXPECT_EQ(pipeline.sinks().size(), 2U);

    EXPECT_TRUE(pipeline.reload(setup("pattern", {second}, true), always));
    let_flow(pipeline, 5);
    EXPECT_EQ(pipeline.sinks(), std::vector<std::string>{second});
    pipeline.stop();
    pipeline.join();
    EXPECT_EQ(pipeline.statistics().broken, 0U);
    constexpr std::uintmax_t frame = 6 + 64 * 48 * 3 / 2;
    EXPECT_GT(std::filesystem::file_size(first), 14 * frame) << "and all of the size it began with";
    EXPECT_GT(std::filesystem::file_size(second), 4 * frame);
}

TEST_F(Pipelines, OverlappingFramesAreAllThereAndAnyReloadWaitsForThem) {
    const auto scene = [this](const std::string& keys) {
        return scene_of_text(keys + "layers:\n  - input: [[blur, 3]]\n", "test", folder_);
    };
    const std::string overlapping = "threads: 2\npipeline: throughput\n";
    auto offline = setup("pattern:50", {"null"}, false);
    offline.scene = scene(overlapping);
    Pipeline all(std::move(offline));
    all.start();
    all.join();
    EXPECT_EQ(all.statistics().frames, 50U);

    auto live = setup("pattern", {"null"}, true);
    live.scene = scene(overlapping);
    Pipeline pipeline(std::move(live));
    pipeline.start();
    for (int i = 0; i < 40; ++i) {
        auto next = setup("pattern", {"null"}, true);
        next.scene = scene(i % 2 == 0 ? "threads: 1\n" : overlapping);
        ASSERT_TRUE(pipeline.reload(std::move(next), always));
    }
    let_flow(pipeline, 5);
    pipeline.stop();
    pipeline.join();
    EXPECT_EQ(pipeline.statistics().broken, 0U);
}

/// For a moment there is none, or the one before has ended already: that is not the end.
TEST_F(Pipelines, SinksThatTakeEachOthersPlaceDoNotEndTheStream) {
    const auto file = (folder_ / "out.y4m").string();
    Pipeline pipeline(setup("pattern", {"null"}, true));
    pipeline.start();
    for (int i = 0; i < 100; ++i) {
        auto next = setup("pattern", {i % 3 == 0 ? "null" : file}, true);
        next.sinks[0].output_format = i % 3 == 1 ? OutputFormat::yu12 : OutputFormat::yuyv;
        ASSERT_TRUE(pipeline.reload(std::move(next), always));
    }
    let_flow(pipeline, 3);
    pipeline.stop();
    pipeline.join();
}

TEST_F(Pipelines, AReloadThatCannotBeLeavesWhatRuns) {
    const auto file = (folder_ / "out.y4m").string();
    Pipeline pipeline(setup("pattern", {file}, true));
    pipeline.start();
    const auto refused = [&](PipelineSetup s) {
        let_flow(pipeline, 3);
        EXPECT_THROW(pipeline.reload(std::move(s), always), Error);
        let_flow(pipeline, 3);
        EXPECT_EQ(pipeline.source().width, 64);
        EXPECT_EQ(pipeline.sinks(), std::vector<std::string>{file});
    };
    refused(setup("missing.mp4", {file}, true));
    refused(setup("pattern", {"out.xyz"}, true));
    refused(setup("pattern", {(folder_ / "no" / "such" / "folder.y4m").string()}, true));
    auto larger = setup("pattern", {file, "out.xyz"}, true);
    larger.source.width = 96;
    refused(std::move(larger));
    EXPECT_FALSE(pipeline.reload(setup("pattern", {"null"}, true), [] { return false; }));
    let_flow(pipeline, 3);
    EXPECT_EQ(pipeline.sinks(), std::vector<std::string>{file});
}

/// A network many times slower than the pictures come: they flow all the same.
TEST_F(Pipelines, ASlowNetworkDoesNotSlowThePictures) {
    class Sleepy final : public Segmenter {
      public:
        const std::string& name() const override { return name_; }
        bool hard() const override { return false; }
        Score segment(const Frame& frame) override {
            std::this_thread::sleep_for(std::chrono::milliseconds(330));
            return {Plane::filled(8, 6, 255), frame.sequence};
        }

      private:
        std::string name_ = "sleepy";
    };
    auto s = setup("pattern", {"null"}, true);
    s.scene = scene_of_text("layers:\n  - empty: []\n  - foreground: []\n", "test", folder_);
    s.source.fps = 30;
    s.frame_limit = 120;
    s.networks.segmenter = [](const Config&, int, int, const PersonNeeds&) {
        return std::make_unique<Sleepy>();
    };
    Pipeline pipeline(std::move(s));
    pipeline.start();
    pipeline.join();
    const Statistics statistics = pipeline.statistics();
    EXPECT_EQ(statistics.frames, 120U);
    // Three runs are waited for, then it is known to be slow: 3 * 330 ms are 30 pictures. Had all
    // been waited for, it would be 1080.
    EXPECT_LE(statistics.skipped, 60U);
    EXPECT_EQ(statistics.without_mask, 0U);
    EXPECT_GT(statistics.mask_age.oldest, std::chrono::milliseconds(300));
    EXPECT_LT(statistics.mask_age.mean_ms(), 900);
}

TEST_F(Pipelines, AnUnknownSinkFailsBeforeAnythingStarts) {
    EXPECT_THROW(Pipeline(setup("pattern", {"out.xyz"}, false)), Error);
}

}  // namespace
}  // namespace scrim
