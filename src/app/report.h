#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/statistics.h"

namespace scrim {

/// "90 frames in 0.6 s, 150/s" and a line with the mean milliseconds of every stage.
std::string summary(const Statistics& statistics);

/// Says what a placeholder is shown for: the lines of Engine::missing().
void warn_of_missing(const std::vector<std::string>& missing);

/// Columns of the terminal that standard error is; 80 if it is none.
int terminal_width();

/// One line that is drawn over itself: a bar where the number of frames is known, rate, time left.
/// Silent when standard error is not a terminal. Threads: one.
class ProgressLine {
  public:
    explicit ProgressLine(std::int64_t frames_expected);
    void update(const Statistics& statistics);
    /// Removes the line.
    void clear();

    /// What update() draws, for a terminal of that width.
    static std::string text(const Statistics& statistics, std::int64_t frames_expected, int width);

  private:
    std::int64_t expected_;
    bool visible_;
    bool drawn_ = false;
};

}  // namespace scrim
