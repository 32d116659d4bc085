#pragma once

#include <string_view>

namespace scrim {

/// Names the calling thread (at most 15 characters are kept) for `top -H`, gdb and the sanitizers.
void name_thread(std::string_view name);

}  // namespace scrim
