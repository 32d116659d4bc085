#pragma once

#include <string>
#include <vector>

#include "app/doctor_facts.h"

namespace scrim {

/// What `scrim doctor` says of one thing.
struct Finding {
    enum class Verdict {
        ok,
        warning,  // `scrim run` works, but something will be missed
        problem,  // prevents `scrim run`
    };

    Verdict verdict = Verdict::ok;
    std::string what;                      // "camera"
    std::string text;                      // one line
    std::vector<std::string> advice = {};  // what to do; commands can be copied
};

/// Judges a machine; the order is that of reading.
std::vector<Finding> judge(const MachineFacts& facts);

}  // namespace scrim
