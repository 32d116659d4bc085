#include "util/error.h"

#include <system_error>

namespace scrim {

std::string system_message(int errno_value) {
    return std::generic_category().message(errno_value);
}

}  // namespace scrim
