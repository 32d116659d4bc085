#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "frame/picture.h"
#include "segment/catalogue.h"
#include "segment/network/graph.h"

namespace scrim {

/// What a network answered, before anything is made of it.
struct RawOutput {
    std::string name;
    Shape shape{};
    std::vector<float> data;  // batch, height, width, channels without gaps
};

/// Runs a network of the catalogue, installed in that folder, on the picture's own pixels: to be
/// compared with other runtimes. So nothing is scaled, the colours are the file's bytes, and what
/// BodyPix' files say of dilations is read as TensorFlow.js reads it (see
/// TfjsRequest::mend_dilations). Throws Error: a file is missing, broken or not supported, or the
/// picture does not have the size that the network takes, which is said.
std::vector<RawOutput> raw_outputs(const NetworkEntry& network, const std::filesystem::path& folder,
                                   const Picture& picture);

}  // namespace scrim
