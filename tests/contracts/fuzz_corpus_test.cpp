// What the fuzzer found interesting, once more with every compiler and sanitizer.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace scrim {
namespace {

TEST(FuzzCorpus, ConfigurationsAreReadOrRefused) {
    int files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(SCRIM_SOURCE_DIR "/tests/fuzz/corpus/config")) {
        SCOPED_TRACE(entry.path().filename());
        std::ifstream in(entry.path(), std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
        const std::vector<std::uint8_t> data(bytes.begin(), bytes.end());
        EXPECT_EQ(LLVMFuzzerTestOneInput(data.data(), data.size()), 0);
        ++files;
    }
    EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace scrim
