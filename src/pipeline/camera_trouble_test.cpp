#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "pipeline/fake_camera.h"
#include "pipeline/pipeline.h"

namespace scrim {
namespace {

using std::chrono::milliseconds;

/// A pipeline that reads a camera which fails; what it shows is told by its counts.
class CameraTrouble : public testing::Test {
  protected:
    PipelineSetup setup(const std::string& text = "layers:\n  - input: []\n") {
        PipelineSetup s{.scene = scene_of_text(text, "test", "/"), .source = {}, .sinks = {}};
        s.source.device = "/dev/video4711";
        SinkRequest request;
        request.target = "null";
        s.sinks.push_back(request);
        s.open = camera_.opener();
        return s;
    }

    static bool soon(const std::function<bool()>& holds) {
        const Time end = Clock::now() + std::chrono::seconds(20);
        while (!holds()) {
            if (Clock::now() > end) return false;
            std::this_thread::sleep_for(milliseconds(2));
        }
        return true;
    }
    static bool flows(const Pipeline& pipeline) {
        const auto before = pipeline.statistics().frames;
        return soon([&] { return pipeline.statistics().frames > before + 3; });
    }
    static bool covered(const Pipeline& pipeline) {
        const auto before = pipeline.statistics().covers;
        return soon([&] { return pipeline.statistics().covers > before + 1; });
    }

    FakeCamera camera_;
};

TEST_F(CameraTrouble, UnpluggedShowsTheCoverAndComesBack) {
    Pipeline pipeline(setup());
    pipeline.start();
    EXPECT_TRUE(flows(pipeline));
    camera_.plugged = false;
    EXPECT_TRUE(covered(pipeline));
    const auto shown = pipeline.statistics().frames;
    EXPECT_TRUE(covered(pipeline));
    EXPECT_EQ(pipeline.statistics().frames, shown) << "no picture without a camera";
    camera_.plugged = true;
    EXPECT_TRUE(flows(pipeline));
    EXPECT_EQ(camera_.last_request().identity, "fake-serial");
    EXPECT_EQ(camera_.last_request().width, 64);
}

TEST_F(CameraTrouble, AHangOrAnErrorIsNotTheEnd) {
    Pipeline pipeline(setup());
    pipeline.start();
    EXPECT_TRUE(flows(pipeline));
    camera_.hangs = true;
    EXPECT_TRUE(covered(pipeline));
    camera_.hangs = false;
    EXPECT_TRUE(flows(pipeline));
    camera_.fails_next = 1;
    EXPECT_TRUE(soon([&] { return camera_.fails_next == 0; }));
    EXPECT_TRUE(flows(pipeline));
}

TEST_F(CameraTrouble, ACameraThatIsNotThereYetIsWaitedFor) {
    camera_.plugged = false;
    Pipeline pipeline(setup("width: 96\nheight: 64\nlayers:\n  - input: []\n"));
    EXPECT_EQ(pipeline.source().width, 1280) << "of the request, which says nothing";
    pipeline.start();
    EXPECT_TRUE(covered(pipeline));
    camera_.plugged = true;
    EXPECT_TRUE(flows(pipeline)) << "fitted into what the sinks were promised";
    EXPECT_EQ(pipeline.statistics().broken, 0U);
}

TEST_F(CameraTrouble, AnotherSizeAfterwardsIsFittedIn) {
    Pipeline pipeline(setup());
    pipeline.start();
    EXPECT_TRUE(flows(pipeline));
    camera_.width = 80;
    camera_.fails_next = 1;
    EXPECT_TRUE(soon([&] { return camera_.opened == 2; }));
    EXPECT_TRUE(flows(pipeline));
    EXPECT_EQ(pipeline.statistics().broken, 0U);
}

TEST_F(CameraTrouble, PauseClosesTheCamera) {
    Pipeline pipeline(setup());
    pipeline.start();
    EXPECT_TRUE(flows(pipeline));
    pipeline.pause(true);
    EXPECT_TRUE(pipeline.paused());
    EXPECT_TRUE(soon([&] { return camera_.open_now == 0; }));
    EXPECT_TRUE(covered(pipeline));
    const auto shown = pipeline.statistics().frames;
    EXPECT_TRUE(covered(pipeline));
    EXPECT_EQ(pipeline.statistics().frames, shown);
    pipeline.pause(false);
    EXPECT_TRUE(flows(pipeline));
    EXPECT_EQ(camera_.open_now, 1);
}

TEST_F(CameraTrouble, PausedInManyMomentsNothingComesThrough) {
    Pipeline pipeline(setup());
    pipeline.start();
    for (int i = 0; i < 40; ++i) {
        std::this_thread::sleep_for(milliseconds(i % 7));
        pipeline.pause(true);
        ASSERT_TRUE(soon([&] { return camera_.open_now == 0; }));
        ASSERT_TRUE(covered(pipeline));
        const auto shown = pipeline.statistics().frames;
        std::this_thread::sleep_for(milliseconds(12));
        EXPECT_EQ(pipeline.statistics().frames, shown);
        pipeline.pause(false);
    }
    EXPECT_TRUE(flows(pipeline));
}

TEST_F(CameraTrouble, ReloadWorksWithoutACamera) {
    Pipeline pipeline(setup());
    pipeline.start();
    camera_.plugged = false;
    EXPECT_TRUE(covered(pipeline));
    EXPECT_TRUE(pipeline.reload(setup("layers:\n  - input: [flip]\n"), [] { return true; }));
    EXPECT_TRUE(covered(pipeline));
    camera_.plugged = true;
    EXPECT_TRUE(flows(pipeline));
}

TEST_F(CameraTrouble, StopsWhileItWaits) {
    camera_.plugged = false;
    Pipeline pipeline(setup());
    pipeline.start();
    EXPECT_TRUE(covered(pipeline));
    pipeline.stop();
    pipeline.join();
}

TEST_F(CameraTrouble, OfflineAnErrorIsTheEnd) {
    auto s = setup();
    s.source.live = false;
    Pipeline pipeline(std::move(s));
    camera_.fails_next = 1;
    pipeline.start();
    EXPECT_THROW(pipeline.join(), Error);
}

TEST_F(CameraTrouble, NoMorePicturesThanAskedFor) {
    Pipeline pipeline(setup("max_fps: 20\nlayers:\n  - input: []\n"));
    pipeline.start();
    EXPECT_TRUE(flows(pipeline));
    const auto before = pipeline.statistics().frames;
    const Time start = Clock::now();
    std::this_thread::sleep_for(milliseconds(500));
    const double most = 20 * seconds(Clock::now() - start) + 2;
    EXPECT_LE(static_cast<double>(pipeline.statistics().frames - before), most);
}

}  // namespace
}  // namespace scrim
