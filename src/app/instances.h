#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "util/fd.h"

namespace scrim {

/// How `scrim top` finds the instances that run: each has a socket in a folder of the user's own
/// ($XDG_RUNTIME_DIR/scrim, else one in /tmp that nobody else may enter), named by its process.

/// The folder; made where it is not there. Throws Error where it cannot be, or is another user's.
std::filesystem::path instances_folder();

/// A socket for this process to listen on; its file is removed with it.
class InstanceSocket {
  public:
    /// Throws Error.
    InstanceSocket();
    ~InstanceSocket();
    InstanceSocket(const InstanceSocket&) = delete;
    InstanceSocket& operator=(const InstanceSocket&) = delete;

    int descriptor() const { return listening_.get(); }

  private:
    std::filesystem::path path_;
    Fd listening_;
};

/// The processes that have a socket, oldest number first; what dead ones left is removed.
std::vector<int> running_instances();

/// Connects to one; throws Error.
Fd connect_to_instance(int process);

}  // namespace scrim
