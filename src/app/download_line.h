#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace scrim {

/// Says on standard error how far downloads are: on a terminal one line that is drawn over itself,
/// otherwise one line for each file. Threads: one.
class DownloadLine {
  public:
    DownloadLine();
    ~DownloadLine() { clear(); }
    DownloadLine(const DownloadLine&) = delete;
    DownloadLine& operator=(const DownloadLine&) = delete;

    /// `total` is 0 where it is not known.
    void update(const std::string& file, std::int64_t have, std::int64_t total);
    /// Removes the line.
    void clear();

    /// What update() draws, for a terminal of that width.
    static std::string text(const std::string& file, std::int64_t have, std::int64_t total,
                            double bytes_a_second, int width);

  private:
    using Clock = std::chrono::steady_clock;
    void begin(const std::string& file, std::int64_t have, std::int64_t total);

    bool terminal_;
    bool drawn_ = false;
    std::string file_;
    std::int64_t first_ = 0;  // what was there already when the file began
    Clock::time_point began_, shown_;
};

}  // namespace scrim
