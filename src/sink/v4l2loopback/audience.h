#pragma once

#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "sink/v4l2loopback/attendance.h"
#include "util/fd.h"

namespace scrim {

/// Tells whether anybody watches a virtual camera: by v4l2loopback's own event (from 0.13 on, for
/// whoever streams), and by inotify on the node with a look into /proc (see Attendance). Sleeps
/// while nothing happens.
class Audience {
  public:
    /// `device` is the writer's descriptor, which must stay open as long as this lives; it may be a
    /// descriptor without such an event. `changed` is called on a thread of this object, soon and
    /// at every change, and must not throw. Nothing is ever called where the system gives neither
    /// the event nor inotify.
    Audience(int device, std::string path, std::function<void(bool watched)> changed);
    Audience(const Audience&) = delete;
    Audience& operator=(const Audience&) = delete;
    /// Waits for a call of `changed` that is under way.
    ~Audience();

    /// Whether `changed` is ever called.
    bool tells() const { return thread_.joinable(); }

  private:
    void run();
    bool read_device(Attendance& attendance);
    void read_node(Attendance& attendance);
    void look(Attendance& attendance);
    bool node_is_quiet() const;
    void tell(const Attendance& attendance);

    int device_;
    std::string path_;
    std::function<void(bool)> changed_;
    bool event_;  // the driver tells of streams
    std::optional<bool> told_;
    Fd stop_;
    Fd node_;  // inotify
    std::thread thread_;
};

/// Looks through /proc for descriptors of the file or device at `path`.
Holders holders_of(const std::string& path);

}  // namespace scrim
