#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace scrim {

/// Something went wrong that the user should hear of. The message is one sentence without a final
/// full stop, says what was tried and why it failed, and where possible what to do next. Low layers
/// throw it; the command that knows the context prints it, once, and exits with status 1.
class Error : public std::runtime_error {
  public:
    explicit Error(const std::string& message) : std::runtime_error(message) {}

    template <typename... Args>
    explicit Error(fmt::format_string<Args...> format, Args&&... args) requires(sizeof...(Args) > 0)
        : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)) {}
};

/// What is asked for is used by somebody else: trying again later may succeed.
class BusyError : public Error {
  public:
    using Error::Error;
};

/// strerror(errno_value) as a string, thread-safe.
std::string system_message(int errno_value);

}  // namespace scrim
