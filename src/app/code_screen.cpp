#include "app/code_screen.h"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frame/frame.h"
#include "sink/registry.h"
#include "util/error.h"
#include "util/thread.h"
#include "v4l2/device.h"

namespace scrim {
namespace {

/// All at once, so that no half of a code is shown.
void write_out(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw Error("cannot write to the terminal: {}", system_message(errno));
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

class TerminalScreen final : public CodeScreen {
  public:
    TerminalScreen() {
        winsize size{};
        if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
            throw Error(
                "standard output is no terminal, which would show the code; with --through a "
                "virtual camera is measured instead of a screen");
        }
        const int columns = size.ws_col;
        const int lines = size.ws_row - 1;  // one is for words
        scale_ = std::min(columns / (2 * block_code::side), lines / block_code::side);
        if (scale_ < 1) {
            throw Error("the terminal is too small for the code: it needs {} columns and {} lines",
                        2 * block_code::side, block_code::side + 1);
        }
        indent_ = (columns - 2 * block_code::side * scale_) / 2;
        // Another page, without the cursor.
        write_out("\033[?1049h\033[?25l\033[2J");
    }
    TerminalScreen(const TerminalScreen&) = delete;
    TerminalScreen& operator=(const TerminalScreen&) = delete;
    ~TerminalScreen() override {
        try {
            write_out("\033[?25h\033[?1049l");
        } catch (const Error&) {
            // Then nobody looks at it any more.
        }
    }

    int rate() const override { return 60; }

    void show(const block_code::Cells& cells, const std::string& words) override {
        // Terminals that know it show the whole page at once.
        write_out("\033[?2026h\033[H" + block_code::for_terminal(cells, scale_, indent_) + words +
                  "\033[K\033[?2026l");
    }

  private:
    int scale_ = 1;
    int indent_ = 0;
};

class LoopbackScreen final : public CodeScreen {
  public:
    explicit LoopbackScreen(const std::string& device) {
        SinkRequest request;
        request.target = v4l2::device_path(device);
        if (!v4l2::names_device(device)) throw Error("{} is no virtual camera", device);
        request.width = width;
        request.height = height;
        request.fps = frames_a_second;
        const SinkKind& kind = find_sink_kind(request);
        request.tags = kind.tags({});
        sink_ = kind.open(request);
        const YuvColor grey = yuv_of_rgb(100, 100, 100, request.tags);
        frame_ = solid_frame(width, height, request.tags, grey);
        tones_ = {yuv_of_rgb(0, 0, 0, request.tags).y, yuv_of_rgb(255, 255, 255, request.tags).y,
                  grey.y};
    }

    int rate() const override { return frames_a_second; }

    void show(const block_code::Cells& cells, const std::string& /*words*/) override {
        block_code::draw(frame_.y, cells, tones_);
        frame_.captured = Clock::now();
        ++frame_.sequence;
        sink_->write(frame_);
    }

  private:
    static constexpr int width = 640;
    static constexpr int height = 480;
    static constexpr int frames_a_second = 30;

    std::unique_ptr<Sink> sink_;
    Frame frame_;
    block_code::Tones tones_{};
};

}  // namespace

std::unique_ptr<CodeScreen> open_terminal_screen() {
    return std::make_unique<TerminalScreen>();
}

std::unique_ptr<CodeScreen> open_loopback_screen(const std::string& device) {
    return std::make_unique<LoopbackScreen>(device);
}

CodeShow::CodeShow(CodeScreen& screen)
    : screen_(screen), thread_([this](const std::stop_token& stop) { run(stop); }) {}

CodeShow::~CodeShow() = default;

std::optional<Time> CodeShow::when(std::uint16_t number) const {
    const std::lock_guard lock(mutex_);
    return codes_.when(number);
}

void CodeShow::say(std::string words) {
    const std::lock_guard lock(mutex_);
    words_ = std::move(words);
}

void CodeShow::check() const {
    const std::lock_guard lock(mutex_);
    if (failure_) std::rethrow_exception(failure_);
}

void CodeShow::run(const std::stop_token& stop) {
    name_thread("codes");
    const Duration interval = std::chrono::nanoseconds(std::chrono::seconds(1)) / screen_.rate();
    Time next = Clock::now();
    try {
        while (true) {
            std::unique_lock lock(mutex_);
            wake_.wait_until(lock, stop, next, [] { return false; });
            if (stop.stop_requested()) return;
            const std::uint16_t number = codes_.show(Clock::now());
            const std::string words = words_;
            lock.unlock();
            screen_.show(block_code::cells_of(number), words);
            next = std::max(next + interval, Clock::now());
        }
    } catch (const Error&) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
    }
}

}  // namespace scrim
