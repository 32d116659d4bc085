// vm_faulty: Scrim's pipeline with a network that does what a test wants, from a configuration to
// its virtual camera. The network finds a person in the left half of the picture; its fault is the
// first word of the file --fault, read again for every picture: none, fail, hang, nan, slow MS.
// SIGTERM ends it; it then says how old the pictures were when they were written.
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <opencv2/core.hpp>

#include "app/signals.h"
#include "pipeline/pipeline.h"
#include "util/log.h"

namespace {

using namespace scrim;

class Faulty final : public Segmenter {
  public:
    explicit Faulty(std::string file) : file_(std::move(file)) {}
    const std::string& name() const override { return name_; }
    bool hard() const override { return false; }

    Score segment(const Frame& frame) override {
        const auto [fault, ms] = read_fault();
        if (fault == "fail") throw Error("a fault on purpose");
        if (fault == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(ms));
        while (read_fault().first == "hang")
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        const float person = fault == "nan" ? std::numeric_limits<float>::quiet_NaN() : 1.F;
        cv::Mat output(rows, columns, CV_32F, cv::Scalar(0));
        output.colRange(0, columns / 2).setTo(cv::Scalar(person));
        // As MediaPipe's network is read.
        Score score{Plane(columns, rows), frame.sequence};
        cv::Mat plane(rows, columns, CV_8U, score.plane.overwritable(),
                      static_cast<std::size_t>(score.plane.stride()));
        output.convertTo(plane, CV_8U, 255.0);
        return score;
    }

  private:
    static constexpr int columns = 32;
    static constexpr int rows = 18;

    std::pair<std::string, int> read_fault() const {
        std::pair<std::string, int> fault{"none", 0};
        std::ifstream(file_) >> fault.first >> fault.second;
        return fault;
    }

    std::string name_ = "faulty";
    std::string file_;
};

void print(const Statistics& statistics) {
    fmt::print("frames={}\nskipped={}\ncovers={}\nwithout_mask={}\n", statistics.frames,
               statistics.skipped, statistics.covers, statistics.without_mask);
    for (const double share : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0})
        fmt::print("latency_p{:.0f}={:.0f}\n", 100 * share,
                   milliseconds(statistics.latency.quantile(share)));
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Scrim's pipeline with a network that has faults, for tests");
    std::string config;
    std::string fault;
    app.add_option("config", config)->required();
    app.add_option("fault", fault, "the file that names the fault")->required();
    CLI11_PARSE(app, argc, argv);
    set_up_log(true);
    try {
        PipelineSetup setup{.scene = load_scene(config), .source = {}, .sinks = {}};
        const Config& wanted = setup.scene.config;
        setup.source.device = wanted.real_video_device;
        setup.source.width = wanted.width;
        setup.source.height = wanted.height;
        setup.source.fps = wanted.fps;
        SinkRequest request;
        request.target = wanted.virtual_video_device;
        setup.sinks.push_back(request);
        setup.networks.segmenter = [&fault](const Config&, int, int, const PersonNeeds&) {
            return std::make_unique<Faulty>(fault);
        };
        Signals::block(Signals::Which::stop);
        Pipeline pipeline(std::move(setup));
        const Signals signals({.stop = [&pipeline] { pipeline.stop(); }});
        pipeline.start();
        pipeline.join();
        print(pipeline.statistics());
    } catch (const Error& error) {
        spdlog::error("{}", error.what());
        return 1;
    }
    return 0;
}
