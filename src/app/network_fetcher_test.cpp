#include "app/network_fetcher.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/test_http_server.h"
#include "segment/network/tfjs_small_model.h"
#include "util/error.h"
#include "util/fd.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& content) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

/// A folder to install into, a folder and a server to take from, and a network of two files.
class Fetching : public testing::Test {
  protected:
    void SetUp() override {
        fs::remove_all(root_);
        fs::create_directories(root_);
        for (char& byte : weights_)
            byte = static_cast<char>(std::rand());
        for (const auto& [name, content] :
             {std::pair{"net/weights.bin", weights_}, std::pair{"net/my model.json", model_}}) {
            write(root_ / name, content);
            network_.files.push_back(
                {name, static_cast<std::int64_t>(content.size()), sha256_of(root_ / name)});
            fs::rename(root_ / name, root_ / "x");
            write(mirror_ / name, content);
        }
        server_.files = {{"/net/weights.bin", weights_}, {"/net/my%20model.json", model_}};
    }
    void TearDown() override { fs::remove_all(root_); }

    void fetch(const std::string& mirror) {
        NetworkFetcher::Options options;
        options.folder = folder_;
        options.mirror = mirror;
        options.stopped = [this] { return stop_; };
        NetworkFetcher(options).fetch(network_);
    }
    std::string error(const std::string& mirror) {
        try {
            fetch(mirror);
        } catch (const Error& e) {
            return e.what();
        }
        return "no error";
    }
    /// Names of the files in the folder, however deep.
    std::vector<std::string> installed() const {
        std::vector<std::string> names;
        if (!fs::exists(folder_)) return names;
        for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
            if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder_));
        }
        return names;
    }
    void expect_whole() const {
        EXPECT_EQ(read(folder_ / "net/weights.bin"), weights_);
        EXPECT_EQ(read(folder_ / "net/my model.json"), model_);
        EXPECT_EQ(installed().size(), 2U);
    }

    const fs::path root_ =
        fs::path(testing::TempDir()) / ("scrim_fetch_" + std::to_string(getpid()));
    const fs::path folder_ = root_ / "own" / "models";
    const fs::path mirror_ = root_ / "a mirror";
    std::string weights_ = std::string(300'000, 0);
    std::string model_ = "{}";
    NetworkEntry network_{.name = "mine",
                          .family = {},
                          .licence = {},
                          .gives = {},
                          .outputs = {"result"},
                          .origin = "https://localhost:1/nowhere",
                          .family_origin = {},
                          .files = {}};
    test::HttpServer server_;
    bool stop_ = false;
};

TEST_F(Fetching, FromAFolder) {
    fetch(mirror_);
    expect_whole();
    fs::remove_all(mirror_);
    fetch(mirror_);  // all is there, nobody is asked
}

TEST_F(Fetching, FromAnAddressOfAFolder) {
    fs::rename(mirror_, root_ / "plain");
    fetch("file://" + (root_ / "plain").string() + "/");
    expect_whole();
}

TEST_F(Fetching, FromAServer) {
    server_.start();
    fetch(server_.address() + "/");
    expect_whole();
    EXPECT_THAT(server_.requests(), ElementsAre("/net/weights.bin", "/net/my%20model.json"));
}

TEST_F(Fetching, SaysHowFarItIs) {
    server_.start();
    NetworkFetcher::Options options;
    options.folder = folder_;
    options.mirror = server_.address();
    std::int64_t last = 0;
    options.progress = [&](const std::string& file, std::int64_t have, std::int64_t total) {
        if (file != "net/weights.bin") return;
        EXPECT_GE(have, last);
        EXPECT_EQ(total, 300'000);
        last = have;
    };
    NetworkFetcher(options).fetch(network_);
    EXPECT_EQ(last, 300'000);
}

TEST_F(Fetching, GoesOnWhereAConnectionBroke) {
    server_.drops = 2;
    server_.half = 100'000;
    server_.start();
    fetch(server_.address());
    expect_whole();
    EXPECT_THAT(server_.requests(),
                ElementsAre("/net/weights.bin", "/net/weights.bin from 100000",
                            "/net/weights.bin from 200000", "/net/my%20model.json"));
}

TEST_F(Fetching, GoesOnWhereItWasTheLastTime) {
    write(folder_ / "net/weights.bin.part", weights_.substr(0, 123'456));
    server_.start();
    fetch(server_.address());
    expect_whole();
    EXPECT_EQ(server_.requests().front(), "/net/weights.bin from 123456");

    fs::remove_all(folder_);
    write(folder_ / "net/weights.bin.part", weights_.substr(0, 123'456));
    fetch(mirror_);
    expect_whole();
}

TEST_F(Fetching, BeginsAnewWhereTheServerCannotResume) {
    write(folder_ / "net/weights.bin.part", weights_.substr(0, 1000));
    server_.knows_ranges = false;
    server_.start();
    fetch(server_.address());
    expect_whole();
}

TEST_F(Fetching, BeginsAnewWhereTheBeginningIsOfAnotherFile) {
    write(folder_ / "net/weights.bin.part", std::string(1000, 'x'));
    write(folder_ / "net/my model.json.part", "as long and longer");
    server_.start();
    fetch(server_.address());
    expect_whole();
    EXPECT_THAT(server_.requests(), ElementsAre("/net/weights.bin from 1000", "/net/weights.bin",
                                                "/net/my%20model.json"));
}

TEST_F(Fetching, KeepsWhatHasComeWhereTheConnectionIsLost) {
    server_.drops = 100;
    server_.half = 0;
    server_.start();
    write(folder_ / "net/weights.bin.part", weights_.substr(0, 5000));
    EXPECT_THAT(error(server_.address()),
                AllOf(HasSubstr("cannot fetch mine"), HasSubstr("cannot be reached"),
                      HasSubstr("`scrim models pull mine` goes on from where it was")));
    EXPECT_EQ(server_.requests().size(), 3U);
    EXPECT_EQ(read(folder_ / "net/weights.bin.part"), weights_.substr(0, 5000));
}

TEST_F(Fetching, KeepsWhatHasComeWhenItIsStopped) {
    server_.drops = 1;
    server_.half = 70'000;
    server_.falls_silent = true;
    server_.start();
    NetworkFetcher::Options options;
    options.folder = folder_;
    options.mirror = server_.address();
    std::int64_t have = 0;
    options.progress = [&](const std::string&, std::int64_t now, std::int64_t) { have = now; };
    options.stopped = [&] { return have == 70'000; };
    try {
        NetworkFetcher(options).fetch(network_);
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_STREQ(e.what(),
                     "cannot fetch mine: interrupted; `scrim models pull mine` goes on from where "
                     "it was");
    }
    EXPECT_EQ(read(folder_ / "net/weights.bin.part"), weights_.substr(0, 70'000));
    fetch(server_.address());
    expect_whole();
}

TEST_F(Fetching, ThrowsWrongFilesAway) {
    fetch(mirror_);
    write(folder_ / "net/my model.json", "damaged, but mine");
    std::string wrong = model_;
    wrong[0] = 'x';
    write(mirror_ / "net/my model.json", wrong);
    EXPECT_THAT(error(mirror_), AllOf(HasSubstr("my model.json is not the file"),
                                      HasSubstr("nothing has changed"), HasSubstr("again")));
    write(mirror_ / "net/my model.json", model_ + "and more");
    EXPECT_THAT(error(mirror_), HasSubstr("longer than it should be"));
    EXPECT_EQ(read(folder_ / "net/my model.json"), "damaged, but mine");
    EXPECT_EQ(installed().size(), 2U);
}

TEST_F(Fetching, ReplacesOnlyWhatIsDamaged) {
    fetch(mirror_);
    write(folder_ / "net/weights.bin", "damaged");
    server_.start();
    fetch(server_.address());
    expect_whole();
    EXPECT_THAT(server_.requests(), ElementsAre("/net/weights.bin"));
}

TEST_F(Fetching, NothingIsInPlaceBeforeAllIsThere) {
    fs::remove(mirror_ / "net/my model.json");
    EXPECT_THAT(error(mirror_),
                AllOf(HasSubstr("my%20model.json is not there"), HasSubstr("SCRIM_MODEL_MIRROR")));
    EXPECT_THAT(installed(), ElementsAre("net/weights.bin.part"));
}

TEST_F(Fetching, SaysWhatTheServerSays) {
    server_.start();
    EXPECT_THAT(error(server_.address() + "/elsewhere"), HasSubstr("is not there (404)"));
    EXPECT_THAT(installed(), IsEmpty());
    EXPECT_FALSE(fs::exists(folder_ / "net"));
    server_.status = 403;
    EXPECT_THAT(error(server_.address()), HasSubstr("the server answers 403"));
    server_.status = 503;
    EXPECT_THAT(error(server_.address()), HasSubstr("the server answers 503"));
}

TEST_F(Fetching, SaysThatThereIsNoConnection) {
    EXPECT_THAT(error(""), AllOf(HasSubstr("https://localhost:1/nowhere/weights.bin cannot be"),
                                 HasSubstr("once the connection is there")));
    EXPECT_THAT(error("gopher://localhost/"), HasSubstr("is no address of a kind"));
}

TEST_F(Fetching, SaysThatTheFolderCannotBeWritten) {
    write(folder_, "a file where the folder should be");
    EXPECT_THAT(error(mirror_), AllOf(HasSubstr("cannot make the folder " + folder_.string()),
                                      HasSubstr("SCRIM_MODEL_DIR")));
}

TEST_F(Fetching, OneProcessAtATime) {
    fs::create_directories(folder_);
    const Fd other(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    EXPECT_THAT(error(mirror_), HasSubstr("another `scrim models pull`"));
}

TEST_F(Fetching, WithoutChecksumsTheNetworkMustBeOne) {
    network_.files = {{"net/my model.json", 0, ""}};
    EXPECT_THAT(error(mirror_), HasSubstr("cannot fetch mine"));
    EXPECT_THAT(installed(), IsEmpty());
    // One that names its weights, which are not what it says.
    write(mirror_ / "net/my model.json", R"({"modelTopology": {"node": []}, "weightsManifest": [
        {"paths": ["weights.bin"], "weights": [{"name": "w", "shape": [3], "dtype": "float32"}]}]})");
    EXPECT_THAT(error(mirror_), HasSubstr("cannot fetch mine"));
    EXPECT_THAT(installed(), IsEmpty());
    // Names that lead out of the folder are not even asked for.
    write(mirror_ / "net/my model.json", R"({"modelTopology": {"node": []}, "weightsManifest": [
        {"paths": ["../weights.bin"], "weights": []}]})");
    EXPECT_THAT(error(mirror_), HasSubstr("is not the name of a weight file"));
    EXPECT_THAT(installed(), IsEmpty());
}

TEST_F(Fetching, WithoutChecksumsItsWeightsAreThoseThatItNames) {
    const TfjsMaker maker = small_model();
    network_.files = {{"net/my model.json", 0, ""}};
    write(mirror_ / "net/my model.json", maker.json().dump());
    for (const auto& [name, bytes] : maker.files()) {
        write(mirror_ / "net" / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    const std::string shard = maker.files().begin()->first;
    EXPECT_EQ(maker.files().size(), 2U);
    fetch(mirror_);
    EXPECT_EQ(damage(network_, folder_), "");
    EXPECT_EQ(installed().size(), 3U);
    // What cannot be loaded is fetched again.
    fs::resize_file(folder_ / "net" / shard, 10);
    fetch(mirror_);
    EXPECT_EQ(damage(network_, folder_), "");
    // Weights that are there already may be another network's.
    fs::remove(folder_ / "net/my model.json");
    fs::remove(mirror_ / "net" / shard);
    fetch(mirror_);
    EXPECT_EQ(damage(network_, folder_), "");
    EXPECT_EQ(installed().size(), 3U);
}

}  // namespace
}  // namespace scrim
