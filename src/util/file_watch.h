#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "util/clock.h"
#include "util/fd.h"

namespace scrim {

/// Tells when files have changed, by inotify on the folders that they lie in: what an editor does
/// when it saves (writes over the file, or writes another one and renames it), a symbolic link that
/// is switched over, a file that comes back. A file that is being written does not count as changed
/// until its writer closes it.
///
/// Threads: interrupt() and poke() from any thread, the rest from one.
class FileWatch {
  public:
    /// Throws Error where the system has no watches left.
    FileWatch();

    /// What to watch from now on; files and folders (for what is in them), there or not.
    void watch(const std::vector<std::filesystem::path>& files);

    /// Waits until something has changed and nothing has moved for a moment. False = interrupted.
    bool wait();

    /// Without waiting: whether something has changed, or is being changed, since wait() returned
    /// (or since watch()). What was read in the meantime may then be half of it.
    bool disturbed();

    /// Makes wait() return as if something had changed.
    void poke() noexcept;

    /// Makes wait() return, now and ever after.
    void interrupt() noexcept;

  private:
    using Entry = std::pair<int, std::string>;  // a watched folder and a name in it; "" = all

    void add_path(const std::filesystem::path& path, int links_left);
    int add_folder(const std::filesystem::path& folder);
    void read_events();
    void take(int folder, unsigned what, const std::string& name);
    void forget_slow_writers(Time now);
    std::optional<Time> due(Time now) const;

    Fd events_;
    Fd poke_;
    Fd stop_;
    std::set<Entry> entries_;
    std::map<int, std::filesystem::path> folders_;
    std::map<Entry, Time> writing_;  // open for writing, and when something was written last
    std::optional<Time> changed_;    // the last change that wait() has not told yet
};

}  // namespace scrim
