#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/block_code.h"
#include "app/code_screen.h"
#include "app/commands.h"
#include "app/latency_report.h"
#include "app/signals.h"
#include "frame/convert.h"
#include "pipeline/mailbox.h"
#include "source/registry.h"
#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"
#include "v4l2/device.h"

namespace scrim {
namespace {

struct LatencyOptions {
    std::string source;
    std::string through;
    int seconds = 10;
};

/// A picture, and when it was in our hands.
struct Arrived {
    Captured picture;
    Time at;
};

/// Takes pictures as they come, for a while; the newest waits for whoever looks at it.
class Watcher {
  public:
    Watcher(Source& source, std::chrono::seconds duration)
        : source_(source),
          reader_([this] { read(); }),
          clock_([this, duration](const std::stop_token& stop) { end_after(duration, stop); }) {}
    ~Watcher() { source_.interrupt(); }
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;

    /// Nothing at the end. Throws what has ended the source.
    std::optional<Arrived> next() {
        auto arrived = newest_.take();
        if (!arrived && failure_) std::rethrow_exception(failure_);
        return arrived;
    }

  private:
    void read() {
        name_thread("camera");
        try {
            while (auto picture = source_.next()) {
                if (!newest_.put({std::move(*picture), Clock::now()})) break;
            }
        } catch (const Error&) {
            failure_ = std::current_exception();
        }
        newest_.close();
    }

    void end_after(std::chrono::seconds duration, const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, stop, duration, [] { return false; });
        source_.interrupt();
    }

    Source& source_;
    Mailbox<Arrived> newest_{Mailbox<Arrived>::Keep::newest};
    std::exception_ptr failure_;  // written before the mailbox is closed
    std::jthread reader_;
    std::jthread clock_;
};

/// A virtual camera is one only once pictures flow, and those of a program between them may take
/// a while.
std::unique_ptr<Source> open_camera_soon(const std::string& device, const CodeShow& show,
                                         bool patient) {
    constexpr auto patience = std::chrono::seconds(20);
    constexpr auto pause = std::chrono::milliseconds(200);
    const Time end = Clock::now() + patience;
    SourceRequest request;
    request.device = device;
    while (true) {
        show.check();
        try {
            return open_source(request);
        } catch (const Error&) {
            if (!patient || Clock::now() > end) throw;
        }
        std::this_thread::sleep_for(pause);
    }
}

Error nothing_seen(const LatencyOptions& options, const Source& source, std::size_t pictures) {
    if (pictures == 0) return Error("no picture came from {}", source.info().name);
    if (!options.through.empty()) {
        return Error(
            "{} pictures came, none with a code from {}: whatever is between them has to show its "
            "input as it is",
            pictures, options.through);
    }
    return Error(
        "{} pictures came, none with a code: point the camera at the terminal, so that the whole "
        "square with its white margin is in the picture, straight and in focus; a larger terminal, "
        "or less light on the screen helps",
        pictures);
}

/// The delays of all pictures that show a code.
std::vector<Duration> watch(Watcher& watcher, CodeShow& show, std::size_t& unread) {
    Decoder decoder;
    std::vector<Duration> delays;
    while (const auto arrived = watcher.next()) {
        show.check();
        std::optional<Time> shown;
        try {
            const auto number = block_code::find(decoder.decode(arrived->picture).y);
            if (number) shown = show.when(*number);
        } catch (const DecodeError&) {
            // A broken picture: it shows nothing.
        }
        if (!shown) {
            ++unread;
            show.say("  the camera does not see the code");
            continue;
        }
        delays.push_back(arrived->at - *shown);
        show.say(fmt::format("  {:.0f} ms", milliseconds(delays.back())));
    }
    return delays;
}

std::string measure(const LatencyOptions& options) {
    const std::unique_ptr<CodeScreen> screen =
        options.through.empty() ? open_terminal_screen() : open_loopback_screen(options.through);
    CodeShow show(*screen);
    const auto source = open_camera_soon(options.source, show, !options.through.empty());
    const Signals signals({.stop = [&source] { source->interrupt(); }});
    std::size_t unread = 0;
    std::vector<Duration> delays;
    {
        Watcher watcher(*source, std::chrono::seconds(options.seconds));
        delays = watch(watcher, show, unread);
    }
    show.check();
    if (delays.empty()) throw nothing_seen(options, *source, unread);
    return fmt::format("{}\n{}", source->info().name, latency_report(std::move(delays), unread));
}

void print_latency(const LatencyOptions& options) {
    Signals::block(Signals::Which::stop);
    // Not before the terminal is as it was.
    fmt::print("{}", measure(options));
}

}  // namespace

void add_latency(CLI::App& app) {
    auto* const command = app.add_subcommand(
        "latency", "Measure how long a picture takes from the screen through a camera to here");
    auto options = std::make_shared<LatencyOptions>();
    command
        ->add_option("-s,--source", options->source,
                     "the camera that looks at the code (otherwise the first; with --through that "
                     "device itself)")
        ->type_name("SOURCE");
    command
        ->add_option("--through", options->through,
                     "show the code on a virtual camera instead of this terminal")
        ->type_name("LOOPBACK");
    constexpr int longest = 600;
    command->add_option("--seconds", options->seconds, "how long to measure (10)")
        ->type_name("N")
        ->check(CLI::Range(1, longest));
    command->footer(
        "  scrim latency                              first camera, pointed at this terminal\n"
        "  scrim latency --source /dev/video10        the same, as a call sees it: a running\n"
        "                                             Scrim with layers: [{input: []}]\n"
        "  scrim latency --through /dev/video10       no screen: through the virtual camera alone\n"
        "  scrim latency --through /dev/video10 --source /dev/video11\n"
        "                                             and through a Scrim that reads the one and\n"
        "                                             writes the other\n"
        "\n"
        "Measured is the time from writing the code to having the picture in hand, not yet\n"
        "decoded. It includes the screen. A terminal shows 60 codes a second, so that each delay\n"
        "is up to 17 ms too long.");
    command->callback([options] {
        if (options->source.empty()) options->source = options->through;
        print_latency(*options);
    });
}

}  // namespace scrim
