#include "app/bench_measure.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include <sys/resource.h>
#include <turbojpeg.h>
#include <unistd.h>

#include "frame/convert.h"
#include "pipeline/engine.h"
#include "util/allocations.h"
#include "util/own_process.h"

namespace scrim {
namespace {

constexpr int warm_up_frames = 10;  // until the means of masks are full and the pools filled
constexpr int frames_a_second = 30;
constexpr int frames_a_burst = 8;

// What a loopback's readers assume.
constexpr ColorTags sink_tags{Matrix::bt601, Range::limited};

/// Memory of a sink's layout.
class SinkBuffer {
  public:
    SinkBuffer(PixelFormat format, int width, int height)
        : format_(format), width_(width), bytes_(packed_size(format, width, height)) {}

    void write(const Frame& frame) {
        if (format_ == PixelFormat::yuyv) {
            to_yuyv(frame, bytes_.data(), 4 * chroma_size(width_));
            return;
        }
        const int cw = chroma_size(width_);
        std::uint8_t* const u = bytes_.data() + std::ptrdiff_t{width_} * frame.height();
        std::uint8_t* const v = u + std::ptrdiff_t{cw} * frame.u.height();
        to_yu12(frame, bytes_.data(), width_, u, cw, v, cw);
    }

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

  private:
    PixelFormat format_;
    int width_;
    std::vector<std::uint8_t> bytes_;
};

/// libjpeg-turbo alone: into planes of the picture's own subsampling, in memory that stays.
class JpegFloor {
  public:
    void decode(const Captured& picture) {
        const auto expect = [this](int result) {
            if (result != 0) throw Error("JPEG: {}", tjGetErrorStr2(handle_.get()));
        };
        int width = 0;
        int height = 0;
        int sampling = 0;
        int colors = 0;
        expect(tjDecompressHeader3(handle_.get(), picture.data[0], picture.size, &width, &height,
                                   &sampling, &colors));
        std::array<std::uint8_t*, 3> planes{};
        std::array<int, 3> strides{};
        for (std::size_t i = 0; i < planes.size(); ++i) {
            const int number = static_cast<int>(i);
            strides[i] = tjPlaneWidth(number, width, sampling);
            memory_[i].resize(tjPlaneSizeYUV(number, width, 0, height, sampling));
            planes[i] = memory_[i].data();
        }
        expect(tjDecompressToYUVPlanes(handle_.get(), picture.data[0], picture.size, planes.data(),
                                       width, strides.data(), height, 0));
    }

  private:
    std::unique_ptr<void, int (*)(tjhandle)> handle_{tjInitDecompress(), tjDestroy};
    std::array<std::vector<std::uint8_t>, 3> memory_;
};

/// The bytes of one frame in, and of one out.
class CopyFloor {
  public:
    void copy(const Captured& picture, const SinkBuffer& sink) {
        memory_.resize(std::max(picture.size, sink.bytes().size()));
        std::memcpy(memory_.data(), picture.data[0], picture.size);
        std::memcpy(memory_.data(), sink.bytes().data(), sink.bytes().size());
    }

  private:
    std::vector<std::uint8_t> memory_;
};

struct Measured {
    double took = 0;
    bool disturbed = false;
};

/// A series of measurements. Those in which the kernel took the processor away say something of
/// other programs; they count only where hardly any other is left.
class Series {
  public:
    void add(double value, bool disturbed) {
        (disturbed ? disturbed_ : undisturbed_).push_back(value);
    }
    void add(Measured one) { add(one.took, one.disturbed); }
    void clear() { *this = {}; }
    Spread spread() const {
        constexpr std::size_t enough = 4;  // undisturbed ones among so many
        if (undisturbed_.size() * enough >= disturbed_.size()) return spread_of(undisturbed_);
        std::vector<double> all = undisturbed_;
        all.insert(all.end(), disturbed_.begin(), disturbed_.end());
        return spread_of(std::move(all));
    }

  private:
    std::vector<double> undisturbed_, disturbed_;
};

/// How often the kernel took the processor away.
long preemptions() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

/// Where the kernel took the processor away meanwhile, and only this thread was at work, its CPU
/// time is what it would have taken.
template <typename Work>
Measured measured(const Work& work, bool one_thread = true) {
    const long before = preemptions();
    const double cpu = milliseconds(process_cpu_time());
    const Time start = Clock::now();
    work();
    const double took = milliseconds(Clock::now() - start);
    if (preemptions() == before) return {took, false};
    return one_thread ? Measured{milliseconds(process_cpu_time()) - cpu, false}
                      : Measured{took, true};
}

/// The kernel's clock ticks a hundred times a second; at worst the result is a tick too large.
double milliseconds_since_process_start() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    // Behind the name in brackets, which may hold anything; the start is field 22, this is field 3.
    std::istringstream fields(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
    constexpr int fields_before = 19;
    std::string skipped;
    for (int i = 0; i < fields_before; ++i)
        fields >> skipped;
    double ticks = 0;
    fields >> ticks;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double since_boot =
        static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    return since_boot - ticks * 1e3 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Takes the series that the result is made of.
class Bench {
  public:
    Bench(Scene scene, const BenchInput& input, PixelFormat output, int threads, bool overlapping)
        : input_(input),
          sink_(output, input.width, input.height),
          engine_(std::move(scene),
                  {.width = input.width,
                   .height = input.height,
                   .tags = sink_tags,
                   .fps = frames_a_second},
                  clock_),
          one_thread_(threads == 1),
          // Where frames overlap, what one takes shows only in several of them.
          burst_(overlapping ? frames_a_burst : 1) {}

    void frame() {
        engine_.process(next_picture(), done_);
        engine_.wait();
    }

    void measured_frames() {
        const auto before = clock_.times();
        const double cpu = milliseconds(process_cpu_time());
        const long preempted = preemptions();
        std::uint64_t allocated = 0;
        const auto [took, disturbed] = measured(
            [&] {
                const std::uint64_t at_first = allocations().value_or(0);
                for (int i = 0; i < burst_; ++i)
                    engine_.process(next_picture(), done_);
                engine_.wait();
                allocated = allocations().value_or(0) - at_first;
            },
            one_thread_);
        frames_.add(took / burst_, disturbed);
        cpu_.add((milliseconds(process_cpu_time()) - cpu) / burst_, disturbed);
        const auto after = clock_.times();
        for (std::size_t i = 0; i < stages_.size(); ++i)
            stages_[i].add(milliseconds(after[i].total - before[i].total) / burst_,
                           preemptions() != preempted);
        allocated_ += allocated;
        measured_ += static_cast<std::uint64_t>(burst_);
    }

    void measured_floor() {
        const Captured& picture = input_.pictures[number_ % input_.pictures.size()];
        if (clock_.times()[static_cast<std::size_t>(Stage::segment)].count > 0) {
            network_.add(measured([this] { engine_.run_networks(); }));
        }
        if (input_.format == PixelFormat::mjpeg) {
            decode_.add(measured([&] { jpeg_.decode(picture); }));
        }
        copy_.add(measured([&] { copies_.copy(picture, sink_); }));
    }

    void forget() {
        for (auto* const series : {&frames_, &cpu_, &network_, &decode_, &copy_})
            series->clear();
        for (auto& series : stages_)
            series.clear();
        allocated_ = 0;
        measured_ = 0;
    }

    BenchResult result() const {
        BenchResult result;
        result.frame = frames_.spread();
        for (std::size_t i = 0; i < stages_.size(); ++i)
            result.stages[i] = stages_[i].spread();
        result.cpu = cpu_.spread().median;
        result.floor = {network_.spread().median, decode_.spread().median, copy_.spread().median};
        if (allocations()) {
            result.allocations = static_cast<double>(allocated_) / static_cast<double>(measured_);
        }
        return result;
    }

  private:
    Captured next_picture() {
        Captured picture = input_.pictures[number_ % input_.pictures.size()];
        picture.sequence = number_;
        picture.captured = Time{} + number_ * std::chrono::seconds(1) / frames_a_second;
        ++number_;
        return picture;
    }

    const BenchInput& input_;
    SinkBuffer sink_;
    StageClock clock_;
    Engine engine_;
    JpegFloor jpeg_;
    CopyFloor copies_;
    const bool one_thread_;
    const int burst_;
    std::uint64_t number_ = 0;
    const Engine::Done done_ = [this](const Frame& composed, std::uint64_t /*without_mask*/) {
        const auto timer = clock_.measure(Stage::output);
        sink_.write(composed);
    };

    Series frames_, cpu_, network_, decode_, copy_;
    std::array<Series, stage_names.size()> stages_;
    std::uint64_t allocated_ = 0;
    std::uint64_t measured_ = 0;
};

}  // namespace

Spread spread_of(std::vector<double> values) {
    if (values.empty()) return {};
    const auto at = [&values](double share) {
        const auto place = static_cast<std::ptrdiff_t>(
            std::lround(share * static_cast<double>(values.size() - 1)));
        std::nth_element(values.begin(), values.begin() + place, values.end());
        return values[static_cast<std::size_t>(place)];
    };
    return {at(0.5), at(0.95)};
}

BenchResult measure(Scene scene, const BenchInput& input, int frames, Duration preparation) {
    const PixelFormat output =
        input.format == PixelFormat::yu12 ? PixelFormat::yu12 : PixelFormat::yuyv;
    const bool overlapping = scene.config.pipeline == PipelineMode::throughput;
    const int threads = threads_of(scene.config);
    Bench bench(std::move(scene), input, output, threads, threads > 1 && overlapping);
    bench.frame();
    const double first = milliseconds_since_process_start() - milliseconds(preparation);
    for (int i = 0; i < warm_up_frames; ++i)
        bench.frame();
    const double rss = static_cast<double>(resident_bytes()) / 1e6;  // without the floor's buffers
    for (int i = 0; i < warm_up_frames + frames; ++i) {
        if (i == warm_up_frames) bench.forget();
        bench.measured_floor();
        bench.measured_frames();
    }
    BenchResult result = bench.result();
    result.output_format = output;
    result.rss_mb = rss;
    result.first_frame = first;
    return result;
}

}  // namespace scrim
