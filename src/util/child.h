#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace scrim {

/// What became of a program.
struct ChildResult {
    bool found = true;   // false: there is no such program
    int status = 0;      // exit status; 128 + signal where a signal ended it
    std::string output;  // what it said, errors included
};

/// Runs a program (looked for in $PATH) in that folder and waits for its end. When `stopped` says
/// so, it is ended at once. Its output goes through a file in the folder, so that a program that
/// says much is never waited for by both sides. Throws Error: it cannot be started.
ChildResult run_program(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder, const std::function<bool()>& stopped);

}  // namespace scrim
