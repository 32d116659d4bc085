// Files by way of the file sinks and back through the media source: times, names, damage.
#include "support/media.h"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sink/registry.h"
#include "source/registry.h"
#include "support/command.h"
#include "support/planes.h"

namespace scrim {
namespace {

using testing::HasSubstr;

class Media : public testing::Test {
  protected:
    static SinkRequest request(const std::string& target) {
        SinkRequest r;
        r.target = target;
        r.width = 64;
        r.height = 48;
        r.fps = 30;
        return r;
    }
    static std::string complaint_of_sink(const std::string& target) {
        try {
            const auto r = request(target);
            find_sink_kind(r).open(r);
        } catch (const Error& error) {
            return error.what();
        }
        return "nothing";
    }
    static std::string complaint_of_source(const std::string& device) {
        SourceRequest r;
        r.device = device;
        r.live = false;
        try {
            open_source(r);
        } catch (const Error& error) {
            return error.what();
        }
        return "nothing";
    }
    test::TemporaryFolder folder_;
};

TEST_F(Media, UnevenTimesAreKept) {
    const std::vector<int> times{0, 40, 50, 200, 1000, 1033};  // milliseconds
    for (const std::string name : {"a.mkv", "a.mp4", "a.webm"}) {
        SCOPED_TRACE(name);
        const auto r = request(folder_ / name);
        const auto sink = find_sink_kind(r).open(r);
        for (std::size_t i = 0; i < times.size(); ++i) {
            Frame frame = test::gradient_frame({64, 48}, {}, static_cast<int>(i));
            frame.captured = Time{} + std::chrono::hours(5) + std::chrono::milliseconds(times[i]);
            sink->write(frame);
        }
        sink->finish();
        std::vector<int> seen;
        test::for_each_frame(folder_ / name, [&seen](const Frame& frame) {
            seen.push_back(static_cast<int>(std::lround(milliseconds(frame.captured - Time{}))));
        });
        ASSERT_EQ(seen.size(), times.size());
        for (std::size_t i = 0; i < times.size(); ++i)
            EXPECT_NEAR(seen[i], times[i], 1);
    }
}

TEST_F(Media, TagsAreKept) {
    for (const ColorTags tags :
         {ColorTags{Matrix::bt601, Range::limited}, ColorTags{Matrix::bt601, Range::full},
          ColorTags{Matrix::bt709, Range::limited}}) {
        for (const std::string name : {"a.mkv", "a.mp4"}) {
            test::write_frames(folder_ / name, {test::gradient_frame({64, 48}, tags, 0)});
            EXPECT_EQ(test::read_frames(folder_ / name).at(0).tags, tags) << name;
        }
    }
}

TEST_F(Media, ASeriesOfPicturesIsNumbered) {
    const std::vector<Frame> frames(3, test::gradient_frame({64, 48}, {}, 0));
    test::write_frames(folder_ / "shot.png", frames);
    test::write_frames(folder_ / "at%03d.png", frames);
    for (const std::string name : {"shot-00001.png", "shot-00003.png", "at001.png", "at003.png"}) {
        EXPECT_TRUE(std::filesystem::exists(folder_ / name)) << name;
    }
    EXPECT_FALSE(std::filesystem::exists(folder_ / "shot.png"));
}

TEST_F(Media, SinksSayWhyTheyCannotOpen) {
    EXPECT_THAT(complaint_of_sink(folder_ / "a.xyz"), HasSubstr(".mp4"));
    EXPECT_THAT(complaint_of_sink(folder_ / "none" / "a.mp4"), HasSubstr("there is no folder"));
    std::filesystem::create_directory(folder_ / "folder.mp4");
    EXPECT_THAT(complaint_of_sink(folder_ / "folder.mp4"), HasSubstr("folder.mp4"));
}

TEST_F(Media, SourcesSayWhyTheyCannotOpen) {
    EXPECT_THAT(complaint_of_source("http://127.0.0.1:1/a.mjpeg"), HasSubstr("refused"));
    EXPECT_THAT(complaint_of_source("gopher://127.0.0.1/a"), HasSubstr("not a scheme"));
    EXPECT_THAT(complaint_of_source("/dev/video99"), HasSubstr("/dev/video99"));
}

/// Names with numbers in them are those of single files, and lists open no others.
TEST_F(Media, AFileIsOnlyItself) {
    const std::vector<std::string> names{"a%03d.png", "a001.png", "frame001.png", "b%03d.mkv"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        // written under a name without a number, which sinks take for a series
        const auto ending = std::filesystem::path(names[i]).extension().string();
        const int width = 16 * (static_cast<int>(i) + 1);
        test::write_frames(folder_ / ("plain" + ending),
                           {test::gradient_frame({width, 16}, {}, 0)});
        const auto written = ending == ".png" ? "plain-00001.png" : "plain" + ending;
        std::filesystem::rename(folder_ / written, folder_ / names[i]);
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto frames = test::read_frames(folder_ / names[i]);
        ASSERT_EQ(frames.size(), 1U) << names[i];
        EXPECT_EQ(frames[0].width(), 16 * (static_cast<int>(i) + 1)) << names[i];
    }
    const std::string video = folder_ / "b%03d.mkv";
    for (const std::string name : {"list.ffconcat", "list.mkv", "list.png", "list"}) {
        test::write_file(folder_ / name, "ffconcat version 1.0\nfile '" + video + "'\n");
        EXPECT_NE(complaint_of_source(folder_ / name), "nothing") << name;
    }
}

TEST_F(Media, PasswordsOfUrlsAreNotPrinted) {
    const auto message = complaint_of_source("http://anna:geheim@127.0.0.1:1/a");
    EXPECT_EQ(message.find("geheim"), std::string::npos) << message;
}

TEST_F(Media, CutFilesEndWithFewerPicturesOrAnError) {
    std::vector<Frame> frames;
    frames.reserve(20);
    for (int i = 0; i < 20; ++i)
        frames.push_back(test::gradient_frame({64, 48}, {}, i));
    for (const std::string name : {"a.mkv", "a.mp4", "a.webm", "a.y4m"}) {
        test::write_frames(folder_ / name, frames);
        const std::string whole = test::read_file(folder_ / name);
        for (std::size_t part = 1; part < 16; ++part) {
            const auto cut = folder_ / ("cut" + name.substr(1));
            test::write_file(cut, whole.substr(0, whole.size() * part / 16));
            try {
                EXPECT_LE(test::count_frames(cut), 20) << name << " " << part;
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), HasSubstr("cut")) << name << " " << part;
            }
        }
    }
}

}  // namespace
}  // namespace scrim
