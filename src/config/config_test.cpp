#include "config/config.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.h"

namespace scrim {
namespace {

using namespace std::string_literals;

Config read(const std::string& text) {
    Diagnostics diagnostics("c", text);
    Config config = parse_config(text, "/etc/scrim", diagnostics);
    EXPECT_EQ(diagnostics.render(), "");
    return config;
}

/// The layers in one line: "input(blur/1) foreground()", with the number of arguments.
std::string sketch(const std::vector<LayerSpec>& layers) {
    std::string text;
    for (const auto& layer : layers) {
        constexpr std::array<const char*, 6> names{"input",     "foreground", "parts",
                                                   "not_parts", "previous",   "empty"};
        text += text.empty() ? "" : " ";
        text += names.at(static_cast<std::size_t>(layer.source));
        text += "(";
        for (const auto& filter : layer.filters) {
            if (!text.ends_with("(")) text += " ";
            text += fmt::format("{}/{}", filter.name, filter.arguments.size());
        }
        text += ")";
    }
    return text;
}

TEST(Config, TheDefaultIsReadWithoutComplaint) {
    const Config config = read(default_config_text());
    EXPECT_EQ(config.model, "mediapipe");
    EXPECT_EQ(sketch(config.layers), "input(blur/1) foreground()");
    const Value& arguments = config.layers[0].filters[0].arguments[0];
    ASSERT_EQ(arguments.entries.size(), 2U);
    EXPECT_EQ(arguments.entries[0].value.scalar, "25");
    EXPECT_EQ(arguments.entries[1].key, "exclude_person");
    EXPECT_EQ(arguments.entries[1].value.scalar, "true");
}

TEST(Config, WithoutLayersTheBackgroundIsBlurred) {
    const Config config = read("width: 640\n");
    EXPECT_EQ(config.width, 640);
    EXPECT_EQ(sketch(config.layers), "input(blur/1) foreground()");
    EXPECT_EQ(config.layers[0].where, Location{}) << "its place would be in another text";
    EXPECT_EQ(config.layers[0].filters[0].where, Location{});
    EXPECT_EQ(config.layers[0].filters[0].arguments[0].where, Location{});
    EXPECT_EQ(sketch(read("# nothing but this\n").layers), "input(blur/1) foreground()");
}

TEST(Config, DefaultsAreThoseOfTheLanguage) {
    const Config config = read("layers:\n  - input: []\n");
    EXPECT_EQ(config.width, std::nullopt);
    EXPECT_EQ(config.height, std::nullopt);
    EXPECT_EQ(config.fps, std::nullopt);
    EXPECT_EQ(config.mjpeg, MjpegChoice::automatic);
    EXPECT_EQ(config.real_video_device, "");
    EXPECT_EQ(config.virtual_video_device, "");
    EXPECT_EQ(config.output_format, OutputFormat::yuyv);
    EXPECT_EQ(config.model, "");
    EXPECT_EQ(config.multiplier, 0.5);
    EXPECT_EQ(config.stride, 16);
    EXPECT_EQ(config.internal_resolution, 0.5);
    EXPECT_EQ(config.segmentation_threshold, 0.75);
    EXPECT_EQ(config.average_masks, 3);
    EXPECT_EQ(config.dilate, 0);
    EXPECT_EQ(config.erode, 0);
    EXPECT_EQ(config.blur, 0);
    EXPECT_EQ(config.mask_every, 0);
    EXPECT_EQ(config.threads, std::nullopt);
    EXPECT_EQ(config.pipeline, PipelineMode::latency);
    EXPECT_EQ(config.debug_show_mask, std::nullopt);
    EXPECT_EQ(config.debug_show_heatmap, std::nullopt);
    EXPECT_EQ(config.folder, "/etc/scrim");
}

TEST(Config, EveryKeyIsRead) {
    const Config config = read(
        "width: 1280\nheight: 720\nfps: 29.97\nmjpeg: true\n"
        "real_video_device: /dev/video3\nvirtual_video_device: 10\noutput_format: YU12\n"
        "model: mobilenet\nmultiplier: 1\nstride: 8\ninternal_resolution: 0.25\n"
        "segmentation_threshold: 0.6\naverage_masks: 1\ndilate: 9\nerode: 7\nblur: 5\nmask_every: "
        "3\nthreads: 3\npipeline: throughput\n"
        "debug_show_mask: -1\ndebug_show_heatmap: 16\nlayers:\n  - empty: []\n");
    EXPECT_EQ(config.width, 1280);
    EXPECT_EQ(config.height, 720);
    EXPECT_EQ(config.fps, 29.97);
    EXPECT_EQ(config.mjpeg, MjpegChoice::yes);
    EXPECT_EQ(config.real_video_device, "/dev/video3");
    EXPECT_EQ(config.virtual_video_device, "/dev/video10");
    EXPECT_EQ(config.output_format, OutputFormat::yu12);
    EXPECT_EQ(config.model, "mobilenet");
    EXPECT_EQ(config.multiplier, 1.0);
    EXPECT_EQ(config.stride, 8);
    EXPECT_EQ(config.internal_resolution, 0.25);
    EXPECT_EQ(config.segmentation_threshold, 0.6);
    EXPECT_EQ(config.average_masks, 1);
    EXPECT_EQ(config.dilate, 9);
    EXPECT_EQ(config.erode, 7);
    EXPECT_EQ(config.blur, 5);
    EXPECT_EQ(config.mask_every, 3);
    EXPECT_EQ(threads_of(config), 3);
    EXPECT_EQ(config.pipeline, PipelineMode::throughput);
    EXPECT_EQ(config.debug_show_mask, -1);
    EXPECT_EQ(config.debug_show_heatmap, 16);
    EXPECT_EQ(sketch(config.layers), "empty()");
}

TEST(Config, NothingMeansTheDefault) {
    const Config config =
        read("width:\nmjpeg: ~\nreal_video_device:\nmultiplier: null\nlayers:\n  - input:\n");
    EXPECT_EQ(config.width, std::nullopt);
    EXPECT_EQ(config.mjpeg, MjpegChoice::automatic);
    EXPECT_EQ(config.real_video_device, "");
    EXPECT_EQ(config.multiplier, 0.5);
    EXPECT_EQ(sketch(config.layers), "input()");
}

TEST(Config, MjpegTakesTheWordsOfThePredecessorAndAuto) {
    EXPECT_EQ(read("mjpeg: no\n").mjpeg, MjpegChoice::no);
    EXPECT_EQ(read("mjpeg: On\n").mjpeg, MjpegChoice::yes);
    EXPECT_EQ(read("mjpeg: auto\n").mjpeg, MjpegChoice::automatic);
}

TEST(Config, SourcesThatAreFilesAreRelativeToTheConfiguration) {
    const auto device = [](const std::string& text) {
        return read("real_video_device: " + text + "\n").real_video_device;
    };
    EXPECT_EQ(device("0"), "/dev/video0");
    EXPECT_EQ(device("clips/me.mp4"), "/etc/scrim/clips/me.mp4");
    EXPECT_EQ(device("me.png"), "/etc/scrim/me.png");
    EXPECT_EQ(device("/dev/video2"), "/dev/video2");
    EXPECT_EQ(device("rtsp://camera.local/stream.sdp"), "rtsp://camera.local/stream.sdp");
    EXPECT_EQ(device("pattern"), "pattern");
}

TEST(Config, FiltersComeInEveryForm) {
    const std::string text =
        "layers:\n"
        "  - input: [\"grayscale\", [\"blur\", 10, 10]]\n"
        "  - empty:\n"
        "      - [image, {image_path: a.png}]\n"
        "      - flip\n"
        "  - previous: []\n"
        "  - foreground:\n";
    const Config config = read(text);
    EXPECT_EQ(sketch(config.layers),
              "input(grayscale/0 blur/2) empty(image/1 flip/0) previous() foreground()");
    const FilterCall& blur = config.layers[0].filters[1];
    EXPECT_EQ(blur.key, "layers[0].input[1]");
    EXPECT_EQ(blur.where, (Location{.line = 2, .column = 27}));
    EXPECT_EQ(config.layers[1].key, "layers[1].empty");
    EXPECT_EQ(config.layers[1].where, (Location{.line = 3, .column = 5}));
    EXPECT_EQ(config.layers[1].filters[0].arguments[0].kind, Value::Kind::map);
}

TEST(Config, TheConfigurationsOfThePredecessorAreRead) {
    const std::filesystem::path cases = SCRIM_SOURCE_DIR "/../shared/reference";
    if (!std::filesystem::is_directory(cases)) GTEST_SKIP() << "the reference is not here";
    int read_cases = 0;
    for (const auto& folder : std::filesystem::directory_iterator(cases)) {
        const auto file = folder.path() / "config.yaml";
        if (!std::filesystem::exists(file)) continue;
        const std::string text = read_config_file(file);
        Diagnostics diagnostics(file.string(), text);
        parse_config(text, folder.path(), diagnostics);
        EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
        ++read_cases;
    }
    EXPECT_GT(read_cases, 0);
}

TEST(Config, EveryKeyIsDocumented) {
    Config config;
    Schema schema;
    bind_config(schema, config);
    EXPECT_EQ(schema.parameters().size(), 27U);
    for (const auto& parameter : schema.parameters()) {
        EXPECT_FALSE(parameter.help.empty()) << parameter.name;
        EXPECT_FALSE(parameter.type.empty()) << parameter.name;
    }
}

/// A folder of its own for each test, gone afterwards.
class ConfigFile : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = testing::TempDir() +
                  fmt::format("scrim-config-{}-{}", ::getpid(),
                              testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path write(const std::string& text) const {
        auto file = folder_ / "config.yaml";
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    static std::string failure(const std::filesystem::path& file) {
        try {
            read_config_file(file);
        } catch (const Error& e) {
            return e.what();
        }
        return "none";
    }

    std::filesystem::path folder_;
};

TEST_F(ConfigFile, IsReadWhole) {
    const std::string text = "a: \0\xff\n"s + std::string(200'000, '#');
    EXPECT_EQ(read_config_file(write(text)), text);
    EXPECT_EQ(read_config_file(write("")), "");
    EXPECT_EQ(read_config_file(write(std::string(1 << 20, '#'))).size(), 1U << 20U);
}

TEST_F(ConfigFile, SaysWhyItCannotBeRead) {
    const auto missing = folder_ / "missing.yaml";
    const std::string prefix = "cannot read the configuration ";
    EXPECT_EQ(failure(missing), prefix + missing.string() + ": No such file or directory");
    EXPECT_EQ(failure(folder_),
              prefix + folder_.string() + ": it is a folder; name the file in it");
    const auto large = write(std::string((1 << 20) + 1, '#'));
    EXPECT_EQ(failure(large), prefix + large.string() + ": it is larger than 1 MiB");
}

TEST_F(ConfigFile, SaysThatItMayNotBeRead) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
    const auto file = write("a: 1\n");
    ASSERT_EQ(::chmod(file.c_str(), 0), 0);
    EXPECT_EQ(failure(file),
              "cannot read the configuration " + file.string() + ": Permission denied");
}

/// Sets an environment variable for a test and puts it back.
class Environment {
  public:
    Environment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        set(value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { set(before_ ? before_->c_str() : nullptr); }

  private:
    void set(const char* value) const {
        if (value != nullptr) {
            ::setenv(name_, value, 1);
        } else {
            ::unsetenv(name_);
        }
    }
    const char* name_;
    std::optional<std::string> before_;
};

TEST(UserConfig, LiesInTheConfigurationFolder) {
    const Environment home("HOME", "/home/ada");
    {
        const Environment folder("XDG_CONFIG_HOME", "/srv/config");
        EXPECT_EQ(user_config_path(), "/srv/config/scrim/config.yaml");
    }
    for (const char* const unusable : {"", "relative"}) {
        const Environment folder("XDG_CONFIG_HOME", unusable);
        EXPECT_EQ(user_config_path(), "/home/ada/.config/scrim/config.yaml");
    }
    const Environment folder("XDG_CONFIG_HOME", nullptr);
    EXPECT_EQ(user_config_path(), "/home/ada/.config/scrim/config.yaml");
    const Environment no_home("HOME", nullptr);
    EXPECT_TRUE(user_config_path().is_absolute());
}

}  // namespace
}  // namespace scrim
