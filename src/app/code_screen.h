#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/block_code.h"
#include "app/latency_report.h"

namespace scrim {

/// Where block codes are shown. Errors: Error. Threads: show() from one at a time.
class CodeScreen {
  public:
    virtual ~CodeScreen() = default;

    /// How often another code is shown, a second.
    virtual int rate() const = 0;
    /// `words` is shown beside the code where people look at it.
    virtual void show(const block_code::Cells& cells, const std::string& words) = 0;
};

/// The terminal that standard output is, as long as this lives; what was on it comes back. Throws
/// Error where there is none, or where it is too small.
std::unique_ptr<CodeScreen> open_terminal_screen();

/// A virtual camera.
std::unique_ptr<CodeScreen> open_loopback_screen(const std::string& device);

/// Shows one code after the other, on a thread of its own, and knows when each was shown.
///
/// Threads: all methods from any.
class CodeShow {
  public:
    explicit CodeShow(CodeScreen& screen);
    ~CodeShow();
    CodeShow(const CodeShow&) = delete;
    CodeShow& operator=(const CodeShow&) = delete;

    std::optional<Time> when(std::uint16_t number) const;
    void say(std::string words);

    /// Throws what has ended the show, if something has.
    void check() const;

  private:
    void run(const std::stop_token& stop);

    CodeScreen& screen_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    ShownCodes codes_;
    std::string words_;
    std::exception_ptr failure_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace scrim
