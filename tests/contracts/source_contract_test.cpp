// What every source must do, run over every entry of the registry that needs no hardware. The
// camera has its tests in the virtual machine.
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "frame/convert.h"
#include "frame/picture.h"
#include "sink/registry.h"
#include "source/registry.h"
#include "support/command.h"
#include "support/planes.h"

namespace scrim {
namespace {

using test::Size;

/// Name of a source, and how many pictures it has offline.
struct SourceCase {
    std::string device;
    int frames;
};

std::ostream& operator<<(std::ostream& out, const SourceCase& c) {
    return out << c.device;
}

class SourceContract : public testing::TestWithParam<std::tuple<SourceCase, Size>> {
  protected:
    void SetUp() override {
        const auto [source, size] = GetParam();
        request_.device = source.device;
        request_.width = size.width;
        request_.height = size.height;
        if (source.device.starts_with("pattern")) return;
        request_.device = (folder_ / source.device).string();
        if (source.device.ends_with(".png")) {
            write_png(test::gradient_frame(size, {}, 0), request_.device);
        } else {
            write_video();
        }
    }

    void write_video() const {
        SinkRequest r;
        r.target = request_.device;
        r.width = *request_.width;
        r.height = *request_.height;
        r.fps = 30;
        auto sink = find_sink_kind(r).open(r);
        for (int i = 0; i < std::get<0>(GetParam()).frames; ++i) {
            Frame frame = test::gradient_frame({r.width, r.height}, {}, i);
            frame.captured = Time{} + i * std::chrono::milliseconds(33);
            sink->write(frame);
        }
        sink->finish();
    }

    SourceRequest offline() const {
        SourceRequest r = request_;
        r.live = false;
        return r;
    }

    SourceRequest request_;
    test::TemporaryFolder folder_;
};

TEST_P(SourceContract, OfflineGivesEveryPictureOnceInOrder) {
    const auto source = open_source(offline());
    const StreamInfo info = source->info();
    EXPECT_FALSE(info.name.empty());
    EXPECT_EQ(info.width, *request_.width);
    EXPECT_EQ(info.height, *request_.height);
    EXPECT_FALSE(info.live);
    Decoder decoder;
    int count = 0;
    Time last{};
    while (const auto captured = source->next()) {
        const Frame frame = decoder.decode(*captured);
        EXPECT_EQ(frame.width(), info.width);
        EXPECT_EQ(frame.height(), info.height);
        EXPECT_EQ(frame.sequence, static_cast<std::uint64_t>(count));
        if (count > 0) {
            EXPECT_GT(frame.captured, last);
        }
        last = frame.captured;
        ++count;
    }
    EXPECT_EQ(count, std::get<0>(GetParam()).frames);
    EXPECT_EQ(source->next(), std::nullopt);
    EXPECT_EQ(source->counters().delivered, static_cast<std::uint64_t>(count));
    EXPECT_EQ(source->counters().dropped, 0U);
}

TEST_P(SourceContract, PicturesOutliveTheSource) {
    std::optional<Captured> captured;
    {
        const auto source = open_source(offline());
        captured = source->next();
    }
    ASSERT_TRUE(captured);
    Frame frame = Decoder().decode(*captured);
    captured.reset();
    frame.y.writable()[0] = 1;  // reads and writes the memory
    EXPECT_EQ(frame.y.row(0)[0], 1);
}

TEST_P(SourceContract, InterruptEndsALiveSourceSoon) {
    SourceRequest live = request_;
    live.live = true;
    const auto source = open_source(live);
    ASSERT_TRUE(source->next());
    auto rest = std::async(std::launch::async, [&source] {
        while (source->next()) {
        }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    source->interrupt();
    EXPECT_EQ(rest.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_EQ(source->next(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    All, SourceContract,
    testing::Combine(testing::Values(SourceCase{"pattern:5", 5}, SourceCase{"still.png", 1},
                                     SourceCase{"clip.y4m", 4}, SourceCase{"clip.webm", 4}),
                     testing::Values(Size{1, 1}, Size{3, 5}, Size{127, 63}, Size{640, 480})));

TEST(SourceRegistry, EveryEntryExplainsItself) {
    for (const SourceKind& kind : source_kinds()) {
        EXPECT_FALSE(kind.name.empty());
        EXPECT_FALSE(kind.help.empty());
        EXPECT_NE(kind.accepts, nullptr);
        EXPECT_NE(kind.open, nullptr);
    }
}

}  // namespace
}  // namespace scrim
