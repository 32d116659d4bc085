#include "app/reload.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/picture.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int width = 16;
constexpr int height = 12;
constexpr std::size_t frame_bytes = 6 + width * height * 3 / 2;  // "FRAME\n" and the planes

/// What no frame may show: the lower layer of every configuration, all there is in half of it.
constexpr std::array<int, 3> alarm{255, 0, 255};

struct Color {
    int y, u, v;
    bool operator==(const Color&) const = default;
    bool operator<(const Color& other) const {
        return std::tie(y, u, v) < std::tie(other.y, other.u, other.v);
    }
};
Color color_of(int r, int g, int b) {
    const YuvColor color = yuv_of_rgb(r, g, b, {});
    return {color.y, color.u, color.v};
}
std::array<int, 3> rgb_of(int number) {
    return {number % 6 * 40, number / 6 % 6 * 40, 20 + number / 36 * 40};
}

/// The first half is a correct configuration, too.
std::array<std::string, 2> halves_of(int number) {
    const auto [r, g, b] = rgb_of(number);
    return {fmt::format("fps: 100\nwidth: {}\nheight: {}\nlayers:\n"
                        "  - empty: [[solid_color, {}, {}, {}]]\n",
                        width, height, alarm[0], alarm[1], alarm[2]),
            fmt::format("  - empty: [[solid_color, {}, {}, {}]]\n", r, g, b)};
}

/// A program that follows its configuration file, and everything that it shows.
class LiveReload : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        write(config_, 0, milliseconds(0));
    }
    void TearDown() override {
        reload_.reset();
        pipeline_.reset();
        fs::remove_all(folder_);
    }

    void start() {
        watch_.watch({config_});
        PipelineSetup setup = load();
        const auto shown = setup.scene.compositor.files();
        pipeline_.emplace(std::move(setup));
        pipeline_->start();
        reload_.emplace(
            watch_, *pipeline_, config_, [this] { return load(); }, shown);
    }

    PipelineSetup load() const {
        PipelineSetup setup{.scene = load_scene(config_), .source = {}, .sinks = {}};
        setup.source.device = "pattern";
        setup.source.width = setup.scene.config.width;
        setup.source.height = setup.scene.config.height;
        setup.source.fps = setup.scene.config.fps;
        setup.sinks.resize(1);
        setup.sinks[0].target = output_.string();
        return setup;
    }

    /// As a slow program writes a file: one half, and a while later the other.
    static void write(const fs::path& path, int number, milliseconds pause,
                      std::ios::openmode mode = std::ios::trunc) {
        std::ofstream file(path, std::ios::out | mode);
        const auto halves = halves_of(number);
        file << halves[0] << std::flush;
        std::this_thread::sleep_for(pause);
        file << halves[1];
    }

    /// The colours of the frames that came since the last call.
    std::vector<Color> new_frames() {
        std::ifstream file(output_, std::ios::binary);
        if (read_ == 0) {
            std::string header;
            std::getline(file, header);
            if (!file) return {};
            read_ = header.size() + 1;
        }
        std::vector<Color> colors;
        std::array<char, frame_bytes> frame{};
        file.seekg(static_cast<std::streamoff>(read_));
        while (file.read(frame.data(), frame.size())) {
            const auto at = [&frame](std::size_t i) {
                return static_cast<int>(static_cast<std::uint8_t>(frame[6 + i]));
            };
            colors.push_back({at(0), at(width * height), at(width * height * 5 / 4)});
            read_ += frame.size();
        }
        return colors;
    }

    /// Waits for a frame of that colour; all frames until then must be among `allowed_`.
    testing::AssertionResult comes(Color wanted) {
        allowed_.insert(wanted);
        const Time end = Clock::now() + std::chrono::seconds(30);
        while (Clock::now() < end) {
            for (const Color& color : new_frames()) {
                ++frames_;
                if (!allowed_.contains(color)) {
                    return testing::AssertionFailure()
                           << "a frame of " << color.y << " " << color.u << " " << color.v;
                }
                if (color == wanted) {
                    allowed_ = {wanted};
                    return testing::AssertionSuccess();
                }
            }
            std::this_thread::sleep_for(milliseconds(2));
        }
        return testing::AssertionFailure() << "it does not come";
    }
    testing::AssertionResult comes(int number) {
        const auto [r, g, b] = rgb_of(number);
        return comes(color_of(r, g, b));
    }

    fs::path folder_ = fs::path(testing::TempDir()) /
                       fmt::format("scrim_reload_{}_{}", ::getpid(),
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::path config_ = folder_ / "config.yaml";
    fs::path output_ = folder_ / "out.y4m";
    FileWatch watch_;
    std::optional<Pipeline> pipeline_;
    std::optional<Reload> reload_;
    std::size_t read_ = 0;
    std::set<Color> allowed_;
    int frames_ = 0;
};

// Longer than the moment of quiet after which a file counts as written.
constexpr auto pause = milliseconds(80);

TEST_F(LiveReload, TwoHundredEditsInFourWaysAndNeverAHalfReadFrame) {
    const std::array<std::function<void(int)>, 4> ways{
        [this](int number) {  // written elsewhere and renamed
            write(folder_ / ".config.yaml.swp", number, milliseconds(10));
            fs::rename(folder_ / ".config.yaml.swp", config_);
        },
        [this](int number) {  // written over
            write(config_, number, pause);
        },
        [this](int number) {  // a symbolic link that is switched over
            const auto version = folder_ / fmt::format("version-{}.yaml", number);
            write(version, number, milliseconds(0));
            fs::create_symlink(version.filename(), folder_ / "link");
            fs::rename(folder_ / "link", config_);
        },
        [this](int number) {  // removed and written anew
            fs::remove(config_);
            write(config_, number, pause);
        }};
    start();
    ASSERT_TRUE(comes(0));
    const std::string broken = "layers:\n  - inptu: [[solid_color, 255, 0, 255]]\n";
    for (int edit = 1; edit <= 200; ++edit) {
        SCOPED_TRACE(edit);
        if (edit % 2 == 0) {
            std::ofstream(config_) << broken;
            std::this_thread::sleep_for(pause);
        } else {
            ways[static_cast<std::size_t>(edit / 2 % 4)](edit);
            ASSERT_TRUE(comes(edit));
        }
    }
    EXPECT_EQ(pipeline_->statistics().broken, 0U);
    EXPECT_EQ(pipeline_->sinks().size(), 1U);
    EXPECT_GT(frames_, 500);
}

TEST_F(LiveReload, AnotherSizeGoesOnInTheSameSink) {
    start();
    ASSERT_TRUE(comes(0));
    std::ofstream(config_) << "width: 64\nheight: 48\nfps: 60\n"
                              "layers: [empty: [[solid_color, 10, 20, 30]]]\n";
    ASSERT_TRUE(comes(color_of(10, 20, 30)));
    EXPECT_EQ(pipeline_->source().width, 64);
    EXPECT_EQ(pipeline_->statistics().broken, 0U);
}

TEST_F(LiveReload, AMissingPictureAppearsWhenItIsThereAndChangesWhenItChanges) {
    std::ofstream(config_) << fmt::format(
        "fps: 100\nwidth: {}\nheight: {}\nlayers: "
        "[empty: [[image, later/picture.png, NEAREST]]]\n",
        width, height);
    start();
    EXPECT_EQ(pipeline_->missing().size(), 1U);
    fs::create_directory(folder_ / "later");
    for (const Color& color : {color_of(200, 30, 30), color_of(30, 200, 30)}) {
        const YuvColor yuv{static_cast<std::uint8_t>(color.y), static_cast<std::uint8_t>(color.u),
                           static_cast<std::uint8_t>(color.v)};
        write_png(solid_frame(width, height, {}, yuv), folder_ / "later" / "picture.png");
        const Time end = Clock::now() + std::chrono::seconds(30);
        bool seen = false;
        while (!seen && Clock::now() < end) {
            const auto frames = new_frames();
            seen = std::any_of(frames.begin(), frames.end(), [&](const Color& c) {
                return std::max({std::abs(c.y - color.y), std::abs(c.u - color.u),
                                 std::abs(c.v - color.v)}) <= 2;
            });
            std::this_thread::sleep_for(milliseconds(5));
        }
        EXPECT_TRUE(seen);
    }
    reload_.reset();
    EXPECT_TRUE(pipeline_->missing().empty());
}

}  // namespace
}  // namespace scrim
