#include "frame/clip_reader.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/convert.h"
#include "frame/test_animation.h"
#include "util/error.h"

namespace scrim {
namespace {

using test::Rgba;

struct Read {
    int milliseconds;
    Pixels pixels;
};

class Clips : public testing::Test {
  protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return folder_ / name;
    }
    static std::string bytes_of(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static std::vector<Read> all_of(const std::filesystem::path& path,
                                    const ClipReader::Options& options = {}) {
        const auto clip = open_clip(path, options);
        std::vector<Read> all;
        while (const auto shown = clip->next()) {
            all.push_back(
                {static_cast<int>(*shown / std::chrono::milliseconds(1)), clip->pixels()});
        }
        return all;
    }
    static Rgba pixel(const Pixels& pixels, int x, int y) {
        const auto& picture = std::get<Picture>(pixels);
        const std::uint8_t* const p = picture.rgba.data() + 4 * (y * picture.width + x);
        return {p[0], p[1], p[2], p[3]};
    }
    static bool same(Rgba a, Rgba b) {
        if (a.a == 0 && b.a == 0) return true;
        return a.r == b.r && a.g == b.g && a.b == b.b && a.a == b.a;
    }
    /// Moves a square over a clear ground, so that what was there before must go.
    static std::vector<Picture> moving_square(int count) {
        std::vector<Picture> pictures;
        for (int i = 0; i < count; ++i) {
            Picture picture = test::solid_picture(20, 14, {0, 0, 0, 0});
            for (int y = 3; y < 8; ++y) {
                for (int x = 2 * i; x < 2 * i + 4; ++x) {
                    std::uint8_t* const p = picture.rgba.data() + 4 * (y * 20 + x);
                    p[0] = static_cast<std::uint8_t>(50 + 40 * i);
                    p[1] = 200;
                    p[2] = 30;
                    p[3] = 255;
                }
            }
            pictures.push_back(picture);
        }
        return pictures;
    }

    std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                    ("clips-" + std::to_string(getpid()) + "-" +
                                     testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(Clips, AnimationsKeepTheirPicturesTimesAndAlpha) {
    const std::vector<Picture> pictures = moving_square(4);
    const std::vector<int> times{40, 250, 20, 300};
    for (const std::string name : {"a.gif", "a.apng", "a.webp"}) {
        SCOPED_TRACE(name);
        test::write_animation(folder_ / name, pictures, times);
        const auto all = all_of(folder_ / name, {.only_pictures = true});
        ASSERT_EQ(all.size(), pictures.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            // FFmpeg's muxers of APNG and WebP do not write how long the last one is shown.
            if (i + 1 < all.size()) {
                EXPECT_EQ(all[i].milliseconds, times[i]) << i;
            }
            for (int y = 0; y < 14; ++y) {
                for (int x = 0; x < 20; ++x) {
                    ASSERT_TRUE(same(pixel(all[i].pixels, x, y), pixel(pictures[i], x, y)))
                        << i << " at " << x << "," << y;
                }
            }
        }
    }
}

TEST_F(Clips, TimesThatAreTooShortMeanATenthOfASecond) {
    for (const std::string name : {"a.gif", "a.apng", "a.webp"}) {
        test::write_animation(folder_ / name, moving_square(3), {10, 10, 10});
        for (const auto& read : all_of(folder_ / name))
            EXPECT_EQ(read.milliseconds, 100) << name;
    }
}

TEST_F(Clips, VideosComeInTheirOwnPlanes) {
    test::write_animation(folder_ / "a.mkv",
                          {test::solid_picture(16, 8, {200, 30, 30, 128}),
                           test::solid_picture(16, 8, {30, 30, 200, 255})},
                          {40, 40});
    const auto all = all_of(folder_ / "a.mkv");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].milliseconds, 40);
    EXPECT_TRUE(same(pixel(all[0].pixels, 5, 5), {200, 30, 30, 128})) << "alpha is kept";
    EXPECT_THROW(all_of(folder_ / "a.mkv", {.only_pictures = true}), Error);
}

TEST_F(Clips, AStillPictureIsAClipOfOne) {
    write_png(solid_frame(9, 7, {}, {100, 120, 130}), folder_ / "a.png");
    const auto all = all_of(folder_ / "a.png", {.only_pictures = true});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(size_of(all[0].pixels).width, 9);
    EXPECT_EQ(size_of(all[0].pixels).height, 7);
}

TEST_F(Clips, StopsWhenItIsTold) {
    for (const std::string name : {"a.gif", "a.webp"}) {
        test::write_animation(folder_ / name, moving_square(6), {40, 40, 40, 40, 40, 40});
        std::atomic<bool> stop{false};
        const auto clip = open_clip(folder_ / name, {.stop = &stop});
        EXPECT_TRUE(clip->next());
        stop = true;
        for (int i = 0; i < 2; ++i)  // one may be decoded already
            clip->next();
        EXPECT_FALSE(clip->next()) << name;
    }
}

TEST_F(Clips, CutFilesEndEarlyOrSayWhy) {
    for (const std::string name : {"a.gif", "a.apng", "a.webp", "a.mkv"}) {
        test::write_animation(folder_ / name, moving_square(6), {40, 40, 40, 40, 40, 40});
        const std::string whole = bytes_of(folder_ / name);
        for (std::size_t size = 0; size < whole.size(); size += 7) {
            const auto cut = file("cut" + name.substr(1), whole.substr(0, size));
            try {
                EXPECT_LE(all_of(cut).size(), 6U) << name << " " << size;
            } catch (const Error& error) {
                EXPECT_NE(std::string(error.what()).find("cut"), std::string::npos);
            }
        }
    }
}

TEST_F(Clips, DamagedFilesDoNoHarm) {
    std::srand(7);
    for (const std::string name : {"a.gif", "a.apng", "a.webp", "a.mkv"}) {
        test::write_animation(folder_ / name, moving_square(5), {40, 40, 40, 40, 40});
        const std::string whole = bytes_of(folder_ / name);
        for (int round = 0; round < 150; ++round) {
            std::string damaged = whole;
            for (int i = 0; i < 3; ++i)
                damaged[static_cast<std::size_t>(std::rand()) % damaged.size()] ^=
                    static_cast<char>(1 << (std::rand() % 8));
            const auto path = file("damaged" + name.substr(1), damaged);
            try {
                EXPECT_LE(all_of(path).size(), 100U);
            } catch (const Error&) {  // also right
            }
        }
    }
}

}  // namespace
}  // namespace scrim
