// Configurations come from strangers: whatever the text, it is read or refused, in little time and
// memory. No file is touched: filters get their arguments, but are not prepared.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "compose/compositor.h"
#include "config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    scrim::Diagnostics diagnostics("fuzz.yaml", text);
    const scrim::Config config = scrim::parse_config(text, "/fuzz", diagnostics);
    const scrim::Compositor compositor(config, diagnostics);
    // A configuration without layers would show nothing at all, a message of nothing helps nobody.
    if (config.layers.empty()) std::abort();
    if (diagnostics.render().empty() != diagnostics.all().empty()) std::abort();
    return 0;
}
