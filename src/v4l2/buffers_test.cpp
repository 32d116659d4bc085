#include "v4l2/buffers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/fd.h"

namespace scrim::v4l2 {
namespace {

TEST(Mapping, DetachedItKeepsItsBytesAndItsAddress) {
    constexpr std::size_t size = 10'000;  // not whole pages
    const Fd file(::memfd_create("mapping", MFD_CLOEXEC));
    const std::vector<std::uint8_t> before(size, 7);
    ASSERT_EQ(::write(file.get(), before.data(), size), ssize_t(size));
    const Mapping mapping(file.get(), 0, size);
    const std::uint8_t* const address = mapping.data();
    mapping.detach();
    EXPECT_EQ(mapping.data(), address);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), address));
    // What happens to the device does not matter any more.
    const std::vector<std::uint8_t> after(size, 9);
    ASSERT_EQ(::pwrite(file.get(), after.data(), size, 0), ssize_t(size));
    ASSERT_EQ(::ftruncate(file.get(), 0), 0);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), address));
    mapping.detach();
    EXPECT_TRUE(std::equal(before.begin(), before.end(), address)) << "twice does no harm";
}

TEST(Mapping, IsDetachedUnderAReader) {
    constexpr std::size_t size = 1 << 20;
    const Fd file(::memfd_create("mapping", MFD_CLOEXEC));
    const std::vector<std::uint8_t> bytes(size, 7);
    ASSERT_EQ(::write(file.get(), bytes.data(), size), ssize_t(size));
    const Mapping mapping(file.get(), 0, size);
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done) {
            if (!std::equal(bytes.begin(), bytes.end(), mapping.data())) ++wrong;
        }
    });
    for (int i = 0; i < 50; ++i)
        mapping.detach();
    done = true;
    reader.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace scrim::v4l2
