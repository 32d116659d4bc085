#include "frame/plane.h"

#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(Plane, RowsAreAlignedAndApart) {
    const Plane plane(65, 3);
    EXPECT_EQ(plane.width(), 65);
    EXPECT_EQ(plane.height(), 3);
    EXPECT_EQ(plane.stride(), 128);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(plane.data()) % 64, 0U);
    EXPECT_EQ(plane.row(2), plane.data() + 256);
}

TEST(Plane, CopiesShareUntilOneIsWritten) {
    Plane a = Plane::filled(5, 4, 7);
    Plane b = a;
    EXPECT_TRUE(a.shares_pixels_with(b));
    b.writable_row(3)[4] = 9;
    EXPECT_FALSE(a.shares_pixels_with(b));
    EXPECT_EQ(a.row(3)[4], 7);
    EXPECT_EQ(b.row(3)[4], 9);
    EXPECT_EQ(b.row(3)[3], 7);
}

TEST(Plane, SingleHolderWritesInPlace) {
    Plane a = Plane::filled(5, 4, 7);
    const std::uint8_t* const before = a.data();
    EXPECT_EQ(a.writable(), before);
    EXPECT_EQ(a.overwritable(), before);
    std::optional<Plane> other = a;
    other.reset();
    EXPECT_EQ(a.writable(), before);
}

TEST(Plane, OverwritableOfASharedPlaneLeavesTheOtherAlone) {
    Plane a = Plane::filled(5, 4, 7);
    const Plane b = a;
    std::memset(a.overwritable(), 1, 5);
    EXPECT_EQ(b.row(0)[0], 7);
}

TEST(Plane, BorrowedPixelsAreNeverWrittenAndTheirOwnerIsLetGo) {
    std::vector<std::uint8_t> pixels(10 * 4, 3);
    auto owner = std::make_shared<int>(0);
    {
        Plane plane = Plane::borrowed(pixels.data(), 8, 4, 10, owner);
        EXPECT_EQ(owner.use_count(), 2);
        EXPECT_EQ(plane.data(), pixels.data());
        plane.writable_row(1)[2] = 200;
        EXPECT_EQ(plane.row(1)[2], 200);
        EXPECT_EQ(plane.row(3)[7], 3);
        EXPECT_EQ(pixels[12], 3);
        EXPECT_EQ(owner.use_count(), 1);  // copied: the borrowed memory is not needed any more
    }
    EXPECT_EQ(owner.use_count(), 1);
}

TEST(Plane, MovedFromIsEmpty) {
    Plane a = Plane::filled(2, 2, 1);
    const Plane b = std::move(a);
    EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): emptiness is the contract
    EXPECT_FALSE(b.empty());
}

#ifndef __SANITIZE_ADDRESS__
TEST(Plane, MemoryIsTakenFromThePoolAgain) {
    const std::uint8_t* first = nullptr;
    {
        const Plane plane(640, 480);
        first = plane.data();
    }
    const Plane again(640, 480);
    EXPECT_EQ(again.data(), first);
}
#endif

TEST(Plane, ThePoolIsBounded) {
    for (int i = 1; i <= 64; ++i)
        Plane(4096, 1000 + i);
    EXPECT_LE(Plane::pooled_bytes(), std::size_t{64} << 20);
}

TEST(Plane, HoldersInManyThreads) {
    const Plane shared = Plane::filled(64, 64, 5);
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&shared, t] {
            for (int i = 0; i < 500; ++i) {
                Plane mine = shared;
                mine.writable()[0] = static_cast<std::uint8_t>(t);
                ASSERT_EQ(mine.data()[1], 5);
            }
        });
    }
    threads.clear();
    EXPECT_EQ(shared.data()[0], 5);
}

}  // namespace
}  // namespace scrim
