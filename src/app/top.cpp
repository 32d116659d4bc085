#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/instances.h"
#include "util/error.h"

namespace scrim {
namespace {

using nlohmann::json;

struct TopOptions {
    int process = 0;
    int lines = 0;
};

int chosen_process(const TopOptions& options) {
    if (options.process != 0) return options.process;
    const auto running = running_instances();
    if (running.empty()) throw Error("no scrim runs; start one with `scrim run`");
    if (running.size() == 1) return running.front();
    throw Error("several run: choose one with `scrim top PROCESS`: {}", fmt::join(running, ", "));
}

/// Reads an instance's lines. Threads: one.
class Lines {
  public:
    explicit Lines(Fd from) : from_(std::move(from)) {}

    /// Waits for the next one; false = the instance has ended.
    bool next(std::string& line) {
        while (true) {
            const std::size_t end = read_.find('\n');
            if (end != read_.npos) {
                line = read_.substr(0, end);
                read_.erase(0, end + 1);
                return true;
            }
            std::array<char, 4096> buffer{};
            pollfd file{from_.get(), POLLIN, 0};
            ::poll(&file, 1, -1);
            const ssize_t got = ::read(from_.get(), buffer.data(), buffer.size());
            if (got <= 0) return false;
            read_.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

  private:
    Fd from_;
    std::string read_;
};

std::string bar(double share, std::size_t cells) {
    const double filled = std::clamp(share, 0.0, 1.0) * static_cast<double>(cells);
    const auto full = static_cast<std::size_t>(std::lround(filled));
    return std::string(full, '#') + std::string(cells - full, '.');
}

/// The stages as shares of the time between two pictures: what is full is late.
std::string stages_of(const json& now) {
    constexpr std::size_t cells = 30;
    const double rate = now.at("rate");
    std::string text;
    for (const auto& name : {"decode", "segment", "mask", "compose", "output"}) {
        const double ms = now.at("stages_ms").at(name);
        text += fmt::format("  {:<9}[{}] {:6.2f} ms\n", name, bar(ms * rate / 1000, cells), ms);
    }
    return text;
}

std::string page_of(const json& now, int process) {
    const auto& latency = now.at("latency_ms");
    const std::string effort = now.at("effort");
    const bool covered = now.at("rate") == 0.0;
    const char* const state = now.at("paused") == true ? ", paused"
                              : covered                ? ", cover shown"
                                                       : "";
    return fmt::format(
               "scrim, process {}{}\n"
               "  from     {}\n"
               "  to       {}\n\n"
               "  pictures {:.1f} a second; {} skipped, {} broken, {} without a mask so far\n"
               "  latency  {:.1f} ms, 95% below {:.1f}, 99% below {:.1f}; masks {:.0f} ms old\n"
               "  CPU      {:.1f}% of a core{}{}; memory {:.0f} MB\n\n",
               process, state, now.at("source").get<std::string>(),
               fmt::join(now.at("sinks").get<std::vector<std::string>>(), ", "),
               now.at("rate").get<double>(), now.at("skipped").get<std::uint64_t>(),
               now.at("broken").get<std::uint64_t>(), now.at("without_mask").get<std::uint64_t>(),
               latency.at("p50").get<double>(), latency.at("p95").get<double>(),
               latency.at("p99").get<double>(), now.at("mask_age_ms").get<double>(),
               now.at("cpu_percent").get<double>(), effort.empty() ? "" : "; ", effort,
               now.at("rss_mb").get<double>()) +
           stages_of(now);
}

void top(const TopOptions& options) {
    const int process = chosen_process(options);
    Lines lines(connect_to_instance(process));
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    std::string line;
    for (int shown = 0; options.lines == 0 || shown < options.lines; ++shown) {
        if (!lines.next(line)) {
            fmt::print("process {} has ended\n", process);
            return;
        }
        // From the top of the screen, and what was below it goes.
        if (terminal) fmt::print("\033[H\033[J");
        fmt::print("{}{}", page_of(json::parse(line), process), terminal ? "" : "\n");
        std::fflush(stdout);
    }
}

}  // namespace

void add_top(CLI::App& app) {
    auto* const command =
        app.add_subcommand("top", "Show live what a running scrim does, and what it costs");
    auto options = std::make_shared<TopOptions>();
    command->add_option("process", options->process, "which one, where several run")
        ->type_name("PROCESS")
        ->check(CLI::PositiveNumber);
    command->add_option("--times", options->lines, "end after so many seconds")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    command->footer(
        "  scrim top               the one that runs; Ctrl-C ends\n"
        "  scrim top --times 1     once, for scripts");
    command->callback([options] { top(*options); });
}

}  // namespace scrim
