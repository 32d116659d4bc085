#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "util/fd.h"

namespace scrim {

/// A file that takes its place when it is whole, and disappears when it is not: it is written
/// beside its place and moved there by finish(). Every step throws Error with the reason.
///
/// A symbolic link at the place is replaced itself; the file that it leads to stays as it is.
class AtomicFile {
  public:
    explicit AtomicFile(std::filesystem::path path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* data, std::size_t size);
    void write(std::string_view text) { write(text.data(), text.size()); }
    /// What the umask would leave is the default.
    void set_permissions(std::filesystem::perms permissions);
    /// Waits until the disk has what was written: for what nobody could make again.
    void sync();

    /// Takes the place of what was there.
    void finish();
    /// The same, unless something is there already: then false, and nothing has changed.
    bool finish_new();

  private:
    [[noreturn]] void fail() const;

    std::filesystem::path path_;
    std::filesystem::path temporary_;
    Fd fd_;
    bool done_ = false;
};

}  // namespace scrim
