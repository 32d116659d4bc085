#include "util/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace scrim {

void set_up_log(bool verbose) {
    auto logger = spdlog::stderr_color_mt("scrim");
    logger->set_pattern("%n: %^%l%$: %v");
    logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
    spdlog::set_default_logger(logger);
}

bool RateLimit::pass() {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (now < next_) return false;
    next_ = now + interval_;
    return true;
}

}  // namespace scrim
