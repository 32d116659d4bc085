#include "frame/picture.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame/convert.h"
#include "frame/test_animation.h"
#include "util/error.h"

namespace scrim {
namespace {

class Pictures : public testing::Test {
  protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return folder_ / name;
    }
    std::string bytes_of(const std::filesystem::path& path) const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// What is said of a file that cannot be read, without its name.
    std::string complaint(const std::filesystem::path& path) const {
        try {
            read_picture(path);
        } catch (const Error& error) {
            const std::string message = error.what();
            const std::string begin = "cannot open " + path.string() + ": ";
            EXPECT_EQ(message.substr(0, begin.size()), begin);
            return message.substr(std::min(begin.size(), message.size()));
        }
        return "nothing";
    }
    Frame checked(int width, int height) const {
        Frame frame = solid_frame(width, height, {Matrix::bt601, Range::full}, {80, 110, 150});
        for (int y = 0; y < height; ++y) {
            for (int x = y % 2; x < width; x += 2)
                frame.y.writable_row(y)[x] = 200;
        }
        return frame;
    }

    std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                    ("pictures-" + std::to_string(getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Pictures, PngThereAndBackWithAlpha) {
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 5}, {64, 48}, {127, 63}}) {
        Frame frame = checked(width, height);
        frame.alpha = Plane::filled(width, height, 77);
        const auto path = folder_ / "a.png";
        write_png(frame, path);
        const Picture picture = read_picture(path);
        ASSERT_EQ(picture.width, width);
        ASSERT_EQ(picture.height, height);
        std::vector<std::uint8_t> want(picture.rgba.size());
        to_rgba(frame, want.data(), 4 * width);
        EXPECT_EQ(picture.rgba, want);
        EXPECT_EQ(picture.rgba[3], 77);
    }
}

TEST_F(Pictures, GrayIsTheLuma) {
    write_png(solid_frame(8, 8, {Matrix::bt601, Range::full}, {123, 128, 128}), folder_ / "g.png");
    const Plane gray = read_gray_picture(folder_ / "g.png");
    EXPECT_EQ(gray.width(), 8);
    EXPECT_NEAR(gray.row(7)[7], 123, 1);
}

TEST_F(Pictures, NamesAreTakenLiterally) {
    const auto path = folder_ / "odd %03d [name]*.png";
    write_png(checked(4, 4), path);
    EXPECT_EQ(read_picture(path).width, 4);
}

TEST_F(Pictures, AJpegIsKnownByItsContents) {
    const std::filesystem::path room = SCRIM_SOURCE_DIR "/config/backgrounds/room.jpg";
    for (const char* const name : {"room.jpg", "room.jpeg", "room", "room.png"}) {
        std::filesystem::copy_file(room, folder_ / name);
        EXPECT_EQ(read_picture(folder_ / name).width, 1280) << name;
    }
}

/// FFmpeg would read a number in a name as a series of files.
TEST_F(Pictures, NumberedNamesAreSingleFiles) {
    const int side[]{4, 5, 6};
    const std::string names[]{"a%03d.png", "a001.png", "frame001.png"};
    for (std::size_t i = 0; i < 3; ++i)
        write_png(checked(side[i], 4), folder_ / names[i]);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(read_picture(folder_ / names[i]).width, side[i]) << names[i];
    EXPECT_NE(complaint(file("b%03d.png", "hello, this is only text\n")), "nothing");
}

TEST_F(Pictures, PalettesAreColours) {
    const Picture picture = test::solid_picture(6, 4, {200, 30, 90, 255});
    Picture half_clear = picture;
    for (std::size_t i = 0; i < half_clear.rgba.size() / 2; i += 4)
        std::fill_n(half_clear.rgba.begin() + static_cast<std::ptrdiff_t>(i), 4, std::uint8_t{0});
    for (const std::string name : {"a.gif", "a.png"}) {  // the second by FFmpeg's encoder for PAL8
        test::write_animation(folder_ / name, {half_clear}, {100});
        const Picture read = read_picture(folder_ / name);
        ASSERT_EQ(read.rgba.size(), half_clear.rgba.size()) << name;
        for (std::size_t i = 0; i < read.rgba.size(); i += 4) {
            ASSERT_EQ(read.rgba[i + 3], half_clear.rgba[i + 3]) << name << " " << i;
            if (read.rgba[i + 3] == 0) continue;
            EXPECT_TRUE(std::equal(read.rgba.begin() + static_cast<std::ptrdiff_t>(i),
                                   read.rgba.begin() + static_cast<std::ptrdiff_t>(i) + 4,
                                   half_clear.rgba.begin() + static_cast<std::ptrdiff_t>(i)))
                << name << " " << i;
        }
    }
}

TEST_F(Pictures, EveryReasonIsSaid) {
    EXPECT_EQ(complaint(folder_ / "missing.png"), "there is no such file");
    EXPECT_EQ(complaint(folder_), "it is a folder");
    EXPECT_EQ(complaint(file("empty.png", "")), "the file is empty");
    EXPECT_EQ(complaint(file("text.png", "hello, this is only text\n")),
              "it is not a picture, or it is damaged or cut short");
    EXPECT_NE(complaint(file("text", "hello, this is only text\n")), "nothing");
}

TEST_F(Pictures, UnreadableIsSaid) {
    if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
    const auto path = file("locked.png", "x");
    chmod(path.c_str(), 0);
    EXPECT_EQ(complaint(path), "permission denied");
}

TEST_F(Pictures, ACutPictureIsNeverHalfAPicture) {
    write_png(checked(64, 64), folder_ / "whole.png");
    const std::string whole = bytes_of(folder_ / "whole.png");
    const std::size_t end_chunk = 12;  // without it all pixels are there
    for (std::size_t length = 1; length < whole.size() - end_chunk; length += 3) {
        EXPECT_NE(complaint(file("cut.png", whole.substr(0, length))), "nothing") << length;
    }
}

TEST_F(Pictures, APlaylistOpensNothingElse) {
    write_png(checked(4, 4), folder_ / "secret.png");
    const std::string secret = (folder_ / "secret.png").string();
    EXPECT_NE(complaint(file("a.png", "ffconcat version 1.0\nfile " + secret + "\n")), "nothing");
    EXPECT_NE(complaint(file("b.png", "#EXTM3U\n#EXTINF:1,\n" + secret + "\n")), "nothing");
}

TEST_F(Pictures, WritingFailsWithoutLeavingAnythingBehind) {
    const auto nowhere = folder_ / "no" / "such" / "a.png";
    EXPECT_THROW(write_png(checked(4, 4), nowhere), Error);
    std::filesystem::create_directory(folder_ / "taken.png");
    EXPECT_THROW(write_png(checked(4, 4), folder_ / "taken.png"), Error);
    const auto entries = std::distance(std::filesystem::directory_iterator(folder_),
                                       std::filesystem::directory_iterator());
    EXPECT_EQ(entries, 1);
}

}  // namespace
}  // namespace scrim
