// What every sink must do, run over every entry of the registry that needs no hardware. The
// loopback has its tests in the virtual machine.
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "frame/convert.h"
#include "sink/registry.h"
#include "source/registry.h"
#include "support/command.h"
#include "support/planes.h"

namespace scrim {
namespace {

using test::Size;

constexpr int frame_count = 3;

struct SinkCase {
    std::string target;     // a file name, "-" or "null"
    std::string read_back;  // what to read to see what was written; empty = nothing can be
    bool exact;             // pictures come back byte for byte
    bool even = false;      // odd sizes get one more column or row, as the codec needs
};

std::ostream& operator<<(std::ostream& out, const SinkCase& c) {
    return out << c.target;
}

class SinkContract : public testing::TestWithParam<std::tuple<SinkCase, Size>> {
  protected:
    const SinkCase& sink() const { return std::get<0>(GetParam()); }
    Size size() const { return std::get<1>(GetParam()); }

    std::string target() const {
        if (sink().target == "-" || sink().target == "null") return sink().target;
        return (folder_ / sink().target).string();
    }

    SinkRequest request(ColorTags tags) const {
        SinkRequest r;
        r.target = target();
        r.width = size().width;
        r.height = size().height;
        r.fps = 25;
        r.tags = tags;
        return r;
    }

    Frame picture(int i, ColorTags tags) const {
        Frame frame = test::gradient_frame(size(), tags, i);
        frame.captured = Time{} + i * std::chrono::milliseconds(40);
        return i % 2 == 0 ? frame : test::padded_copy(frame);
    }

    test::TemporaryFolder folder_;
};

/// Sends standard output to a file while it lives.
class StandardOutputTo {
  public:
    explicit StandardOutputTo(const std::filesystem::path& path) : saved_(dup(STDOUT_FILENO)) {
        const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, STDOUT_FILENO);
        close(fd);
    }
    ~StandardOutputTo() {
        dup2(saved_, STDOUT_FILENO);
        close(saved_);
    }
    StandardOutputTo(const StandardOutputTo&) = delete;
    StandardOutputTo& operator=(const StandardOutputTo&) = delete;

  private:
    int saved_;
};

TEST_P(SinkContract, WritesAllFramesAndTheyComeBack) {
    const ColorTags tags{Matrix::bt601, Range::limited};
    {
        const StandardOutputTo file(folder_ / "standard-output.y4m");
        const auto r = request(tags);
        auto opened = find_sink_kind(r).open(r);
        EXPECT_FALSE(opened->name().empty());
        for (int i = 0; i < frame_count; ++i)
            opened->write(picture(i, tags));
        opened->finish();
    }
    if (sink().read_back.empty()) return;
    SourceRequest back;
    back.device = folder_ / sink().read_back;
    back.live = false;
    auto source = open_source(back);
    const int grain = sink().even ? 2 : 1;
    EXPECT_EQ(source->info().width, (size().width + grain - 1) / grain * grain);
    EXPECT_EQ(source->info().height, (size().height + grain - 1) / grain * grain);
    Decoder decoder;
    int count = 0;
    while (const auto captured = source->next()) {
        Frame frame = decoder.decode(*captured);
        const Frame want = picture(count, tags);
        if (!sink().exact) frame = with_tags(frame, tags);
        if (sink().exact) {
            EXPECT_TRUE(test::equal(frame.y, want.y));
            EXPECT_TRUE(test::equal(frame.u, want.u));
            EXPECT_TRUE(test::equal(frame.v, want.v));
        } else if (size().width >= 100) {
            EXPECT_GE(test::psnr(want.y, frame.y), 30);
            EXPECT_GE(test::psnr(want.u, frame.u), 30);
        }
        ++count;
    }
    EXPECT_EQ(count, sink().target.ends_with(".png") ? 1 : frame_count);
}

TEST_P(SinkContract, NotFinishingDoesNotCrash) {
    const StandardOutputTo file(folder_ / "standard-output.y4m");
    const auto r = request({});
    auto opened = find_sink_kind(r).open(r);
    opened->write(picture(0, {}));
}

INSTANTIATE_TEST_SUITE_P(
    All, SinkContract,
    testing::Combine(testing::Values(SinkCase{"out.mp4", "out.mp4", false, true},
                                     SinkCase{"out.mkv", "out.mkv", false, true},
                                     SinkCase{"out.webm", "out.webm", false},
                                     SinkCase{"out.y4m", "out.y4m", true},
                                     SinkCase{"out.png", "out-00001.png", false},
                                     SinkCase{"-", "standard-output.y4m", true},
                                     SinkCase{"null", "", true}),
                     testing::ValuesIn(test::awkward_sizes)));

TEST(SinkRegistry, EveryEntryExplainsItself) {
    for (const SinkKind& kind : sink_kinds()) {
        EXPECT_FALSE(kind.name.empty());
        EXPECT_FALSE(kind.help.empty());
        EXPECT_NE(kind.accepts, nullptr);
        EXPECT_NE(kind.open, nullptr);
        EXPECT_NE(kind.tags, nullptr);
    }
}

}  // namespace
}  // namespace scrim
