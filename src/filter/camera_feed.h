#pragma once

#include <functional>
#include <memory>
#include <string>

#include "frame/frame.h"

namespace scrim {

/// A second camera (or whatever else a source can be), read by somebody else: filters know no
/// sources. Several holders may share one.
///
/// Threads: newest() from any thread.
class CameraFeed {
  public:
    virtual ~CameraFeed() = default;

    /// The newest picture, in its own size and tags; empty while there is none yet, or none any
    /// more. Never waits.
    virtual Frame newest() = 0;
};

/// Opens a camera by its name in the configuration. Throws Error; a camera that is lost later comes
/// back by itself.
using OpenCamera = std::function<std::shared_ptr<CameraFeed>(const std::string& device)>;

}  // namespace scrim
