#pragma once

#include <memory>

#include "sink/registry.h"

namespace scrim {

/// A series of PNG pictures: NAME.png gives NAME-00001.png and so on; a %d or %04d in the name
/// stands for the number.
bool accepts_png(const SinkRequest& request);
std::unique_ptr<Sink> open_png(const SinkRequest& request);

}  // namespace scrim
