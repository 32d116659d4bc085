#include "app/download_line.h"

#include <gtest/gtest.h>

namespace scrim {
namespace {

TEST(DownloadLine, FitsTheTerminal) {
    const auto text = [](int width) {
        return DownloadLine::text("net/weights.bin", 1'200'000, 2'400'000, 837'000, width);
    };
    EXPECT_EQ(text(80),
              "net/weights.bin  [###############...............]  1.2 MB of 2.4 MB  837 kB/s");
    EXPECT_EQ(text(40), "net/weights.bin  1.2 MB of 2.4 MB  837 kB/s");
    for (int width = 60; width < 200; ++width)
        EXPECT_LT(text(width).size(), static_cast<std::size_t>(width));
}

TEST(DownloadLine, SaysWhatIsKnown) {
    EXPECT_EQ(DownloadLine::text("npm:a@1", 0, 0, 0, 80), "npm:a@1 ...");
    EXPECT_EQ(DownloadLine::text("a.json", 5000, 0, 100, 80), "a.json  5 kB  0 kB/s");
    EXPECT_EQ(DownloadLine::text("a.json", 0, 48'000, 0, 51), "a.json  [..........]  0 of 48 kB");
}

}  // namespace
}  // namespace scrim
