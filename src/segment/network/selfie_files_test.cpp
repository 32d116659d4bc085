// MediaPipe's files themselves: agreement with TensorFlow Lite, and what happens when they are
// damaged.
#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "frame/picture.h"
#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/tflite_importer.h"
#include "segment/network/xnnpack_network.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

const fs::path shared = fs::path(SCRIM_SOURCE_DIR) / ".." / "shared";

class SelfieFiles : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        const std::string name = std::string(GetParam()) + ".tflite";
        const fs::path in_shared = shared / "models" / name;
        const auto path = fs::exists(in_shared) ? in_shared : find_model_file(name);
        if (!path) GTEST_SKIP() << name << " is not installed (scripts/bootstrap does it)";
        file_ = read_model_file_at(*path);
    }

    Bytes file_;
};

std::vector<float> read_floats(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    std::vector<float> floats(bytes.size() / sizeof(float));
    std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
    return floats;
}

TEST_P(SelfieFiles, AgreesWithTensorFlowLite) {
    const fs::path folder = shared / "reference-network" / GetParam();
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    const Picture picture = read_picture(folder / "input.png");
    const std::vector<float> expected = read_floats(folder / "mask.f32");
    for (const bool simple : {false, true}) {
        Graph graph = import_tflite(file_);
        if (simple) simplify(graph);
        Network network(std::move(graph));
        ASSERT_EQ(network.input_shape(), (Shape{1, picture.height, picture.width, 3}));
        ASSERT_EQ(network.output().size(), expected.size());
        for (std::size_t i = 0; i < network.input().size(); ++i) {
            network.input()[i] = static_cast<float>(picture.rgba[i / 3 * 4 + i % 3]) / 255.0F;
        }
        network.run();
        float worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            worst = std::max(worst, std::abs(network.output()[i] - expected[i]));
        }
        EXPECT_LT(worst, 1e-3F) << (simple ? "simplified" : "as it is");
    }
}

TEST_P(SelfieFiles, GetsSmallerBySimplifying) {
    Graph graph = import_tflite(file_);
    const std::size_t before = graph.nodes.size();
    simplify(graph);
    check(graph);
    EXPECT_LT(graph.nodes.size(), before);
    // Its three enlargements are each followed by a 1x1 convolution, which now comes first.
    for (std::size_t i = 1; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].operation != Operator::resize) continue;
        EXPECT_EQ(graph.nodes[i - 1].operation, Operator::convolution);
    }
}

/// Damages a file in one of several ways.
class Vandal {
  public:
    explicit Vandal(const Bytes& file) : file_(file) {}

    Bytes damaged(unsigned seed) {
        random_.seed(seed);
        Bytes bytes = file_;
        switch (seed % 5) {
            case 0:
                for (int i = number(1, 8); i > 0; --i)
                    flip(bytes, number(0, last()));
                break;
            case 1:
                bytes.resize(static_cast<std::size_t>(number(0, last())));
                break;
            case 2:
                splice(bytes);
                break;
            case 3:  // flips where the tables are: the file ends with them, weights come first
                for (int i = number(1, 8); i > 0; --i)
                    flip(bytes, table_position());
                break;
            default:
                for (int i = number(1, 3); i > 0; --i)
                    overwrite(bytes, table_position());
        }
        return bytes;
    }

  private:
    int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    int last() const { return static_cast<int>(file_.size()) - 1; }

    void flip(Bytes& bytes, int position) {
        bytes[static_cast<std::size_t>(position)] ^= std::byte{1} << number(0, 7);
    }

    /// Some place that is within the first or last tables, not in the weights between them.
    int table_position() {
        constexpr int tables = 33'000;
        return number(0, 1) == 0 ? number(0, 600) : number(last() - tables, last());
    }

    void splice(Bytes& bytes) {
        const int length = number(1, 2000);
        const int from = number(0, last() - length);
        const int to = number(0, last() - length);
        std::memmove(bytes.data() + to, bytes.data() + from, static_cast<std::size_t>(length));
    }

    /// An offset, index, size or length becomes another one.
    void overwrite(Bytes& bytes, int position) {
        const std::array<std::int32_t, 12> values{
            0, 1, -1, 2, 3, 4, 65535, 1 << 20, 1 << 30, INT32_MAX, INT32_MIN, number(0, last())};
        const std::int32_t value =
            values[static_cast<std::size_t>(number(0, static_cast<int>(values.size()) - 1))];
        const auto aligned = static_cast<std::size_t>(std::min(position, last() - 4)) / 4 * 4;
        std::memcpy(bytes.data() + aligned, &value, sizeof(value));
    }

    const Bytes& file_;
    std::mt19937 random_;
};

long peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

TEST_P(SelfieFiles, DamagedFilesGiveAnErrorOrRun) {
    constexpr unsigned mutations = 1000;
    Vandal vandal(file_);
    int refused = 0;
    int ran = 0;
    const long before = peak_megabytes();
    for (unsigned seed = 0; seed < mutations; ++seed) {
        const Bytes bytes = vandal.damaged(seed);
        try {
            Graph graph = import_tflite(bytes);
            simplify(graph);
            Network network(std::move(graph));
            std::fill(network.input().begin(), network.input().end(), 0.5F);
            network.run();
            ++ran;
        } catch (const Error& e) {
            EXPECT_STRNE(e.what(), "");
            ++refused;
        }
    }
    // Neither is rare, or else the mutations would be too mild or too wild to show anything.
    EXPECT_GT(ran, 100);
    EXPECT_GT(refused, 300);
    // The sanitizers' own bookkeeping (freed memory is kept for a while) included.
    EXPECT_LT(peak_megabytes() - before, 700);
    RecordProperty("ran", ran);
    RecordProperty("refused", refused);
}

INSTANTIATE_TEST_SUITE_P(Mediapipe, SelfieFiles,
                         testing::Values("selfie_segmentation", "selfie_segmentation_landscape"));

}  // namespace
}  // namespace scrim
