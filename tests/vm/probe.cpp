// vm_probe: opens Scrim's own V4L2 source and loopback sink in the virtual machine and says in
// lines `key=value` what came of it, for the scenarios to check.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "frame/convert.h"
#include "sink/v4l2loopback/v4l2loopback_sink.h"
#include "source/pattern/stamp.h"
#include "source/v4l2/v4l2_source.h"
#include "util/log.h"
#include "v4l2/modes.h"

namespace {

using namespace scrim;

struct Options {
    std::string device;
    int width = 0;
    int height = 0;
    double fps = 0;
    int frames = 30;
    std::size_t hold = 0;
    MjpegChoice mjpeg = MjpegChoice::automatic;
    OutputFormat format = OutputFormat::yuyv;
    bool stamps = false;
    bool outlive = false;
    double interrupt_after = 0;
    double slow = 0;
    bool any_rate = false;
    int losses = 1;
    bool watch = false;
    int visits = 1;
    double stay = 0.3;
    std::string file;
};

template <typename T>
void say(std::string_view key, const T& value) {
    fmt::print("{}={}\n", key, value);
    std::fflush(stdout);
}

/// For comparing what two of these programs say.
std::int64_t clock_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch())
        .count();
}

/// What is asked of a series of pictures: do numbers and times go up, how old are they, are they
/// the ones that were written?
class Series {
  public:
    void add(const Captured& captured, bool with_stamps) {
        const Time now = Clock::now();
        if (count_ > 0) {
            gaps_ += captured.sequence - sequence_ - 1;
            backwards_ += captured.sequence <= sequence_ || captured.captured <= time_ ? 1 : 0;
        } else {
            first_time_ = captured.captured;
        }
        sequence_ = captured.sequence;
        time_ = captured.captured;
        oldest_ = std::max(oldest_, now - captured.captured);
        ++count_;
        try {
            const Frame frame = decoder_.decode(captured);
            if (with_stamps) add_stamp(frame);
            ++decoded_;
        } catch (const DecodeError& error) {
            ++broken_;
        }
    }

    void print() const {
        say("frames", count_);
        say("decoded", decoded_);
        say("undecodable", broken_);
        say("gaps", gaps_);
        say("backwards", backwards_);
        say("oldest_ms", static_cast<int>(milliseconds(oldest_)));
        if (count_ > 1) {
            say("interval_ms", static_cast<int>(milliseconds(time_ - first_time_) / (count_ - 1)));
        }
        if (!stamps_.empty()) {
            say("stamps", std::set(stamps_.begin(), stamps_.end()).size());
            say("stamps_back", stamps_back_);
        }
        say("unstamped", unstamped_);
    }

    int decoded() const { return decoded_; }

  private:
    void add_stamp(const Frame& frame) {
        const auto stamp = read_stamp(frame);
        if (!stamp) {
            ++unstamped_;
            return;
        }
        stamps_back_ += !stamps_.empty() && *stamp < stamps_.back() ? 1 : 0;
        stamps_.push_back(*stamp);
    }

    Decoder decoder_;
    int count_ = 0;
    int decoded_ = 0;
    int broken_ = 0;
    int backwards_ = 0;
    int unstamped_ = 0;
    int stamps_back_ = 0;
    std::uint64_t gaps_ = 0;
    std::uint64_t sequence_ = 0;
    std::vector<std::uint32_t> stamps_;
    Time first_time_{};
    Time time_{};
    Duration oldest_{};
};

SourceRequest camera_request(const Options& options) {
    SourceRequest request;
    request.device = options.device == "-" ? "" : options.device;
    if (options.width > 0) request.width = options.width;
    if (options.height > 0) request.height = options.height;
    if (options.fps > 0) request.fps = options.fps;
    request.mjpeg = options.mjpeg;
    request.keep_rate = !options.any_rate;
    return request;
}

void read_camera(const Options& options) {
    const SourceRequest request = camera_request(options);
    auto source = open_v4l2(request);
    say("name", source->info().name);
    say("size", fmt::format("{}x{}", source->info().width, source->info().height));

    std::jthread interrupter;
    if (options.interrupt_after > 0) {
        interrupter = std::jthread([&source, &options] {
            std::this_thread::sleep_for(std::chrono::duration<double>(options.interrupt_after));
            source->interrupt();
        });
    }
    Series series;
    std::deque<Captured> held;  // the newest ones, as a slow consumer holds them
    std::jthread consumer;      // drops the others, as the pipeline's threads do
    std::string end = "enough";
    for (int i = 0; i < options.frames; ++i) {
        auto captured = source->next();
        if (!captured) {
            end = "interrupted";
            break;
        }
        series.add(*captured, options.stamps);
        std::this_thread::sleep_for(std::chrono::duration<double>(options.slow));
        held.push_back(std::move(*captured));
        if (held.size() > options.hold) {
            consumer = std::jthread([dropped = std::move(held.front())] {});
            held.pop_front();
        }
    }
    if (interrupter.joinable()) interrupter.join();
    series.print();
    say("dropped", source->counters().dropped);
    say("stale", source->counters().stale);
    say("end", end);
    source.reset();
    // The pictures outlive their source, and so does their memory; the camera is free all the same.
    if (options.outlive) {
        say("reopened", open_v4l2(request)->next().has_value());
        Series after;
        for (const auto& captured : held)
            after.add(captured, false);
        say("alive", after.decoded());
    }
}

/// Opens a camera that was lost again and again until it is there.
std::unique_ptr<Source> wait_for_return(const SourceRequest& request) {
    const Time lost = Clock::now();
    std::string last_reason;
    while (seconds(Clock::now() - lost) < 40) {
        try {
            auto source = open_v4l2(request);
            if (source->next()) {
                say("back_ms", static_cast<int>(milliseconds(Clock::now() - lost)));
                say("back", source->info().name);
                return source;
            }
        } catch (const Error& error) {
            if (error.what() != last_reason) say("reason", error.what());
            last_reason = error.what();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw Error("it did not come back");
}

/// Reads on however often the camera is lost, as the pipeline does; holds some pictures all along.
void follow_camera(const Options& options) {
    SourceRequest request = camera_request(options);
    auto source = open_v4l2(request);
    request.identity = source->info().identity;
    say("name", source->info().name);
    say("identity", request.identity);
    std::deque<Captured> held;
    Decoder decoder;
    for (int losses = 0; losses < options.losses;) {
        Time last = Clock::now();
        try {
            while (auto captured = source->next()) {
                last = Clock::now();
                held.push_back(std::move(*captured));
                if (held.size() > options.hold) held.pop_front();
                say("frames", source->counters().delivered);
            }
        } catch (const Error& error) {
            say("lost", error.what());
            say("noticed_ms", static_cast<int>(milliseconds(Clock::now() - last)));
            source = wait_for_return(request);
            ++losses;
        }
    }
    source.reset();
    for (const auto& captured : held)
        decoder.decode(captured);
    say("held", held.size());
}

/// Looks at a virtual camera for a moment, goes away, and comes again.
void visit(const Options& options) {
    for (int i = 0; i < options.visits; ++i) {
        say("came", clock_ms());
        auto source = open_v4l2(camera_request(options));
        const bool seen = source->next().has_value();
        say("picture", seen ? clock_ms() : 0);
        std::this_thread::sleep_for(std::chrono::duration<double>(options.stay));
        source.reset();
        say("left", clock_ms());
        std::this_thread::sleep_for(std::chrono::duration<double>(options.slow));
    }
    say("visits", options.visits);
}

/// Opens a device only to ask for its name and modes, and closes it.
void ask(const Options& options) {
    Duration longest{};
    for (int i = 0; i < options.visits; ++i) {
        const Time start = Clock::now();
        v4l2::describe_modes(options.device);
        longest = std::max(longest, Clock::now() - start);
        std::this_thread::sleep_for(std::chrono::duration<double>(options.slow));
    }
    say("asked", options.visits);
    say("longest_ms", static_cast<int>(milliseconds(longest)));
}

void write_loopback(const Options& options) {
    SinkRequest request;
    request.target = options.device == "-" ? "" : options.device;
    request.width = options.width;
    request.height = options.height;
    request.fps = options.fps;
    request.output_format = options.format;
    request.tags = v4l2loopback_tags({});
    const auto sink = open_v4l2loopback(request);
    say("name", sink->name());
    if (options.watch) {
        sink->watch_audience(
            [](bool watched) { say(watched ? "watched" : "unwatched", clock_ms()); });
    }
    Frame frame = solid_frame(options.width, options.height, request.tags, {90, 110, 150});
    const Time start = Clock::now();
    for (int i = 0; i < options.frames; ++i) {
        write_stamp(frame, static_cast<std::uint32_t>(i));
        frame.captured = Clock::now();
        sink->write(frame);
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<Duration>(
                        std::chrono::duration<double>((i + 1) / std::max(options.fps, 1.0))));
    }
    sink->finish();
    say("written", options.frames);
}

/// What another program read from a loopback into a file, picture after picture.
void check_file(const Options& options) {
    std::vector<char> bytes(std::filesystem::file_size(options.file));
    std::ifstream(options.file, std::ios::binary)
        .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    Captured captured;
    captured.format = options.format == OutputFormat::yu12 ? PixelFormat::yu12 : PixelFormat::yuyv;
    captured.width = options.width;
    captured.height = options.height;
    const bool planar = captured.format == PixelFormat::yu12;
    captured.stride = planar ? std::array{options.width, options.width / 2, options.width / 2}
                             : std::array{2 * options.width, 0, 0};
    const std::size_t size = packed_size(captured.format, options.width, options.height);
    const std::size_t luma = std::size_t(options.width) * std::size_t(options.height);
    Series series;
    for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
        const auto* start = reinterpret_cast<const std::uint8_t*>(bytes.data()) + at;
        captured.data = {start, planar ? start + luma : nullptr,
                         planar ? start + luma + luma / 4 : nullptr};
        captured.owner = std::shared_ptr<const void>(start, [](const void*) {});
        ++captured.sequence;
        captured.captured = Clock::now();
        series.add(captured, true);
    }
    series.print();
}

void list() {
    for (const auto& device : v4l2::list_devices()) {
        say(device.path, fmt::format("{} {}{}{}", device.card, device.loopback ? "loopback " : "",
                                     device.captures ? "captures " : "", device.problem));
        for (const auto& mode : v4l2::describe_modes(device.path))
            say("mode", mode);
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Scrim's V4L2 source and sink, for tests");
    Options options;
    const auto sizes = [&options](CLI::App* command) {
        command->add_option("--width", options.width);
        command->add_option("--height", options.height);
        command->add_option("--fps", options.fps);
        command->add_option("--frames", options.frames);
        command->add_option("--format", options.format)
            ->transform(CLI::CheckedTransformer(std::map<std::string, OutputFormat>{
                {"yuyv", OutputFormat::yuyv}, {"yu12", OutputFormat::yu12}}));
    };
    auto* read = app.add_subcommand("read", "DEVICE (- = the first camera)");
    read->add_option("device", options.device)->required();
    sizes(read);
    read->add_option("--hold", options.hold);
    read->add_flag("--stamps", options.stamps);
    read->add_flag("--outlive", options.outlive);
    read->add_option("--interrupt-after", options.interrupt_after);
    read->add_option("--mjpeg", options.mjpeg)
        ->transform(CLI::CheckedTransformer(std::map<std::string, MjpegChoice>{
            {"no", MjpegChoice::no}, {"yes", MjpegChoice::yes}, {"auto", MjpegChoice::automatic}}));
    read->add_option("--slow", options.slow, "seconds between two pictures");
    read->add_flag("--any-rate", options.any_rate);
    auto* follow = app.add_subcommand("follow", "DEVICE, through --losses");
    follow->add_option("device", options.device)->required();
    sizes(follow);
    follow->add_option("--hold", options.hold);
    follow->add_option("--losses", options.losses);
    auto* visitor = app.add_subcommand("visit", "DEVICE again and again");
    auto* asker = app.add_subcommand("ask", "DEVICE for what it is, again and again");
    for (auto* command : {visitor, asker}) {
        command->add_option("device", options.device)->required();
        command->add_option("--times", options.visits);
        command->add_option("--stay", options.stay, "seconds of a visit after the first picture");
        command->add_option("--slow", options.slow, "seconds between two times");
    }
    auto* write = app.add_subcommand("write", "DEVICE (- = the first loopback)");
    write->add_option("device", options.device)->required();
    write->add_flag("--watch", options.watch, "say whether somebody watches");
    sizes(write);
    auto* check = app.add_subcommand("check", "FILE of raw pictures with stamps");
    check->add_option("file", options.file)->required();
    sizes(check);
    app.add_subcommand("devices", "what there is");
    app.require_subcommand(1);
    CLI11_PARSE(app, argc, argv);
    set_up_log(true);
    try {
        if (*read)
            read_camera(options);
        else if (*follow)
            follow_camera(options);
        else if (*visitor)
            visit(options);
        else if (*asker)
            ask(options);
        else if (*write)
            write_loopback(options);
        else if (*check)
            check_file(options);
        else
            list();
    } catch (const Error& error) {
        spdlog::error("{}", error.what());
        // Whether it may succeed later.
        say("busy", dynamic_cast<const BusyError*>(&error) != nullptr);
        return 1;
    }
    return 0;
}
