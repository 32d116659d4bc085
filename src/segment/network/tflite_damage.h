#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "util/error.h"

namespace scrim {

/// Damages a file in one of several ways.
class TfliteVandal {
  public:
    explicit TfliteVandal(const std::vector<std::byte>& file) : file_(file) {}

    std::vector<std::byte> damaged(unsigned seed) {
        random_.seed(seed);
        std::vector<std::byte> bytes = file_;
        switch (seed % 5) {
            case 0:
                for (int i = number(1, most()); i > 0; --i)
                    flip(bytes, number(0, last()));
                break;
            case 1:
                bytes.resize(static_cast<std::size_t>(number(0, last())));
                break;
            case 2:
                splice(bytes);
                break;
            case 3:  // flips where the tables are: the file ends with them, weights come first
                for (int i = number(1, most()); i > 0; --i)
                    flip(bytes, table_position());
                break;
            default:
                for (int i = number(1, std::min(most(), 3)); i > 0; --i)
                    overwrite(bytes, table_position());
        }
        return bytes;
    }

  private:
    int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    /// In a small file, nearly all of which is tables, one change is enough.
    int most() const { return last() < 10'000 ? 1 : 8; }
    int last() const { return static_cast<int>(file_.size()) - 1; }

    void flip(std::vector<std::byte>& bytes, int position) {
        bytes[static_cast<std::size_t>(position)] ^= std::byte{1} << number(0, 7);
    }

    /// Some place that is within the first or last tables, not in the weights between them.
    int table_position() {
        constexpr int tables = 33'000;
        return number(0, 1) == 0 ? number(0, std::min(600, last()))
                                 : number(std::max(last() - tables, 0), last());
    }

    void splice(std::vector<std::byte>& bytes) {
        const int length = number(1, std::min(2000, last()));
        const int from = number(0, last() - length);
        const int to = number(0, last() - length);
        std::memmove(bytes.data() + to, bytes.data() + from, static_cast<std::size_t>(length));
    }

    /// An offset, index, size or length becomes another one.
    void overwrite(std::vector<std::byte>& bytes, int position) {
        const std::array<std::int32_t, 12> values{
            0, 1, -1, 2, 3, 4, 65535, 1 << 20, 1 << 30, INT32_MAX, INT32_MIN, number(0, last())};
        const std::int32_t value =
            values[static_cast<std::size_t>(number(0, static_cast<int>(values.size()) - 1))];
        const auto aligned = static_cast<std::size_t>(std::min(position, last() - 4)) / 4 * 4;
        std::memcpy(bytes.data() + aligned, &value, sizeof(value));
    }

    const std::vector<std::byte>& file_;
    std::mt19937 random_;
};

inline long peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/// Imports and runs so many damaged versions of a file.
inline void expect_errors_or_runs(const std::vector<std::byte>& file, unsigned mutations) {
    TfliteVandal vandal(file);
    unsigned refused = 0;
    unsigned ran = 0;
    const long before = peak_megabytes();
    for (unsigned seed = 0; seed < mutations; ++seed) {
        const std::vector<std::byte> bytes = vandal.damaged(seed);
        try {
            Graph graph = import_tflite(bytes);
            simplify(graph);
            Network network(std::move(graph));
            for (std::size_t i = 0; i < network.input_count(); ++i)
                std::fill(network.input(i).begin(), network.input(i).end(), 0.5F);
            network.run();
            ++ran;
        } catch (const Error& e) {
            EXPECT_STRNE(e.what(), "");
            ++refused;
        }
    }
    // Neither is rare, or else the mutations would be too mild or too wild to show anything.
    EXPECT_GT(ran, mutations / 20);
    EXPECT_GT(refused, mutations * 3 / 10);
    // The sanitizers' own bookkeeping (freed memory is kept for a while) included.
    EXPECT_LT(peak_megabytes() - before, 700);
    testing::Test::RecordProperty("ran", static_cast<int>(ran));
    testing::Test::RecordProperty("refused", static_cast<int>(refused));
}

}  // namespace scrim
