// What happens when the files of a TensorFlow.js model are damaged, or made to do harm.
#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "segment/model_files.h"
#include "segment/network/passes.h"
#include "segment/network/recurrent_models.h"
#include "segment/network/tfjs_importer.h"
#include "segment/network/tfjs_small_model.h"
#include "segment/network/xnnpack_network.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;
using Json = nlohmann::json;

/// Damages a model in one of several ways.
class Vandal {
  public:
    Vandal(Bytes model, std::map<std::string, Bytes> files)
        : model_(std::move(model)), files_(std::move(files)) {}

    std::pair<Bytes, std::map<std::string, Bytes>> damaged(unsigned seed) {
        random_.seed(seed);
        Bytes model = model_;
        auto files = files_;
        switch (seed % 5) {
            case 0:
                for (int i = number(1, 3); i > 0; --i)
                    flip(model);
                break;
            case 1:
                for (auto& [_, content] : files)
                    for (int i = number(1, 8); i > 0; --i)
                        flip(content);
                break;
            case 2:
                resize(number(0, 1) == 0 ? model : files.begin()->second);
                break;
            case 3:
                change_a_value(model);
                break;
            default:
                change_a_digit(model);
        }
        return {std::move(model), std::move(files)};
    }

  private:
    int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    std::byte& any(Bytes& bytes) {
        return bytes[static_cast<std::size_t>(number(0, static_cast<int>(bytes.size()) - 1))];
    }
    void flip(Bytes& bytes) { any(bytes) ^= std::byte{1} << number(0, 7); }
    void resize(Bytes& bytes) {
        bytes.resize(static_cast<std::size_t>(number(0, static_cast<int>(bytes.size()) + 10)));
    }

    /// The file stays JSON: a size, index, stride ... becomes another one.
    void change_a_digit(Bytes& bytes) {
        for (int tries = 0; tries < 100'000; ++tries) {
            std::byte& byte = any(bytes);
            if (byte < std::byte{'0'} || byte > std::byte{'9'}) continue;
            byte = static_cast<std::byte>('0' + number(0, 9));
            return;
        }
    }

    /// Some value in the tree becomes another one, of another type too, or that of its neighbour.
    void change_a_value(Bytes& bytes) {
        Json json = Json::parse(reinterpret_cast<const char*>(bytes.data()),
                                reinterpret_cast<const char*>(bytes.data() + bytes.size()));
        Json* place = &json;
        while (place->is_structured() && !place->empty() && number(0, 19) != 0) {
            auto child = place->begin();
            std::advance(child, number(0, static_cast<int>(place->size()) - 1));
            place = &*child;
        }
        const std::vector<Json> values{nullptr,
                                       true,
                                       -1,
                                       0,
                                       1,
                                       2,
                                       3,
                                       65536,
                                       1LL << 40,
                                       1e30,
                                       0.5,
                                       "",
                                       "picture",
                                       "sum",
                                       "-1",
                                       "999999999",
                                       "Relu",
                                       "U0FNRQ==",
                                       Json::array(),
                                       Json::object(),
                                       {1, 2, 3}};
        *place = values[static_cast<std::size_t>(number(0, static_cast<int>(values.size()) - 1))];
        bytes = TfjsMaker::bytes_of(json.dump());
    }

    Bytes model_;
    std::map<std::string, Bytes> files_;
    std::mt19937 random_;
};

long peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

struct Outcome {
    int ran = 0;
    int refused = 0;
};

Outcome vandalise(Vandal vandal, const TfjsRequest& wanted, unsigned mutations) {
    Outcome outcome;
    const long before = peak_megabytes();
    for (unsigned seed = 0; seed < mutations; ++seed) {
        const auto [model, files] = vandal.damaged(seed);
        try {
            Graph graph = import_tfjs(model, TfjsMaker::reader(files), wanted);
            simplify(graph);
            check(graph);
            Network network(std::move(graph));
            for (std::size_t i = 0; i < network.input_count(); ++i)
                std::fill(network.input(i).begin(), network.input(i).end(), 0.5F);
            network.run();
            ++outcome.ran;
        } catch (const Error& e) {
            EXPECT_STRNE(e.what(), "");
            ++outcome.refused;
        }
    }
    // The sanitizers' own bookkeeping (freed memory is kept for a while) included.
    EXPECT_LT(peak_megabytes() - before, 700);
    return outcome;
}

TEST(TfjsDamage, DamagedModelsGiveAnErrorOrRun) {
    const TfjsMaker maker = small_model();
    const Outcome outcome = vandalise({maker.model(), maker.files()}, {17, 33, {"result"}}, 1000);
    // Neither is rare, or else the mutations would be too mild or too wild to show anything.
    EXPECT_GT(outcome.ran, 200);
    EXPECT_GT(outcome.refused, 300);
    RecordProperty("ran", outcome.ran);
    RecordProperty("refused", outcome.refused);
}

TEST(TfjsDamage, DamagedRecurrentModelsGiveAnErrorOrRun) {
    const TfjsMaker maker = recurrent_model();
    const TfjsRequest wanted{4, 6, {"mask", "state_out"}, false, {{"state", {1, 4, 6, 1}}}};
    const Outcome outcome = vandalise({maker.model(), maker.files()}, wanted, 1000);
    EXPECT_GT(outcome.ran, 200);
    EXPECT_GT(outcome.refused, 200);
    RecordProperty("ran", outcome.ran);
    RecordProperty("refused", outcome.refused);
}

TEST(TfjsDamage, DamagedBodyPixGivesAnErrorOrRuns) {
    const fs::path folder =
        fs::path(SCRIM_SOURCE_DIR) / ".." / "shared" / "models" / "bodypix_quant1_050";
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    const std::string shard = "group1-shard1of1.bin";
    const Outcome outcome = vandalise({read_model_file_at(folder / "model-stride16.json"),
                                       {{shard, read_model_file_at(folder / shard)}}},
                                      {33, 33, {"float_segments"}}, 1000);
    EXPECT_GT(outcome.ran, 200);
    EXPECT_GT(outcome.refused, 200);
    RecordProperty("ran", outcome.ran);
    RecordProperty("refused", outcome.refused);
}

}  // namespace
}  // namespace scrim
