#pragma once

#include <optional>
#include <vector>

#include "util/clock.h"

namespace scrim {

/// Who has a file open at a moment, as far as /proc shows it.
struct Holders {
    int others = 0;             // descriptors of other processes
    int own = 0;                // of this one
    bool hidden = false;        // there are processes that may not be looked into
    std::vector<int> who = {};  // the other processes, as far as that is known
};

/// Decides from what happens to a virtual camera whether somebody watches it.
///
/// Where the driver tells that somebody streams, that counts at once. Everything else goes by who
/// has the device open, and for how long: applications open cameras all the time only to ask for
/// their names. inotify says that something was opened or closed, /proc then shows who is there.
/// The count of opens and closes alone would not do (inotify joins equal events), but it stands in
/// for processes that may not be looked into: a camera that is on for nobody is better than a black
/// picture for somebody.
class Attendance {
  public:
    /// `driver_tells`: streaming() will be called. Then only readers by read() are left to guess.
    Attendance(bool driver_tells, const Holders& at_start, Time now);

    void opened(Time now);
    void closed(Time now);
    void streaming(bool somebody);
    /// What /proc shows when next_look() has come, all opened() and closed() before it told.
    void seen(const Holders& holders, Time now);
    /// The count is lost: starts again with what /proc shows.
    void recount(const Holders& holders, Time now);

    /// When /proc should be asked, if nothing happens before.
    std::optional<Time> next_look() const { return next_look_; }
    bool watched() const { return streaming_ || held_; }

  private:
    Duration longest_question() const;
    bool may_have_stayed(const Holders& holders) const;

    bool driver_tells_;
    int own_at_start_;
    int open_ = 0;    // descriptors, as counted; ours from the start are left out
    int hidden_ = 0;  // of these, those that /proc did not show
    int opens_ = 0;   // since the last look
    Time last_open_{};
    // The others at the last look, which came too soon to say whether they stay.
    std::optional<std::vector<int>> asked_;
    bool streaming_ = false;
    bool streamed_ = false;  // since nobody had it open
    bool held_ = false;      // open for so long that it is no question
    std::optional<Time> next_look_;
};

}  // namespace scrim
