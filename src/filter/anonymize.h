#pragma once

#include <memory>

#include "filter/filter.h"

namespace scrim {

/// Keeps only the faces (or only their eyes), blurred beyond recognition; for a layer on top.
std::unique_ptr<Filter> make_anonymize();

}  // namespace scrim
