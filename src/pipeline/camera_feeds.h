#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "filter/camera_feed.h"

namespace scrim {

/// The second cameras of a stream: whatever a source can be, read by a thread of its own each, for
/// as long as a filter holds its feed. Filters of several scenes that name the same device share
/// one, so that a reload does not open the camera a second time.
///
/// A camera that is lost (unplugged, a network that is gone) shows nothing, is said once in the
/// log, and is tried again every second.
///
/// Threads: all methods from any thread. Feeds may outlive this.
class CameraFeeds {
  public:
    /// `live` = false: open() waits for the first picture, so that the first frame has one already.
    explicit CameraFeeds(bool live);
    ~CameraFeeds();
    CameraFeeds(const CameraFeeds&) = delete;
    CameraFeeds& operator=(const CameraFeeds&) = delete;

    /// `device` as in real_video_device: a number, a device, a picture or a video file, a URL,
    /// "pattern"; relative files are relative to `folder`. Throws Error where it cannot be opened.
    std::shared_ptr<CameraFeed> open(const std::string& device,
                                     const std::filesystem::path& folder);

    /// open() for StreamContext::open_camera, with files relative to `folder`. This must outlive
    /// it.
    OpenCamera opener(const std::filesystem::path& folder);

  private:
    class Feed;
    const bool live_;
    std::mutex mutex_;  // guards what follows
    std::map<std::string, std::weak_ptr<Feed>> feeds_;
};

}  // namespace scrim
