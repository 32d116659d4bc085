#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "util/error.h"

namespace scrim {

/// Why a download ended before its end.
class DownloadError : public Error {
  public:
    enum class Reason : std::uint8_t {
        unreachable,  // no connection, or one that is lost again and again
        not_there,    // the other side has no such file
        refused,      // it has another answer, or more bytes than there should be
        not_written,  // the disk is full, or the file may not be written
        stopped,      // by the caller
    };
    DownloadError(Reason reason, const std::string& message) : Error(message), reason_(reason) {}
    Reason reason() const { return reason_; }

  private:
    Reason reason_;
};

struct DownloadRequest {
    std::string url;             // https, http or file
    std::filesystem::path part;  // where it goes
    std::int64_t limit = 0;      // more bytes than that are an error

    /// Called again and again with the bytes there are and will be (0 = not known); false ends it.
    std::function<bool(std::int64_t have, std::int64_t total)> progress;
};

/// Makes request.part whole: what is there of it is kept, and only the rest is asked for, where the
/// other side can do that. A connection that breaks is made anew a few times. What has come stays
/// there, whatever happens afterwards. Throws DownloadError.
void download(const DownloadRequest& request);

/// The address of a file or folder on this machine.
std::string file_url(const std::filesystem::path& path);
/// A relative name as a part of an address.
std::string url_path(const std::string& name);

}  // namespace scrim
