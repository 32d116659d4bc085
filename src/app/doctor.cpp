#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "app/columns.h"
#include "app/commands.h"
#include "app/doctor_judge.h"
#include "app/options.h"
#include "util/error.h"

namespace scrim {
namespace {

using Verdict = Finding::Verdict;

/// How a verdict looks: plain words for other programs, a sign in colour on a terminal.
std::string shown(Verdict verdict, bool colours) {
    switch (verdict) {
        case Verdict::ok:
            return colours ? "\033[32m✓\033[0m" : "ok      ";
        case Verdict::warning:
            return colours ? "\033[33m!\033[0m" : "warning ";
        case Verdict::problem:
            return colours ? "\033[1;31m✗\033[0m" : "problem ";
    }
    return {};
}

void examine(const std::filesystem::path& config) {
    const bool colours = Paper::of_standard_output().bold;
    const std::string_view indent = colours ? "    " : "           ";
    const std::vector<Finding> findings = judge(facts_of_this_machine(config));
    for (const Finding& finding : findings) {
        fmt::print("{} {}: {}\n", shown(finding.verdict, colours), finding.what, finding.text);
        for (const std::string& line : finding.advice)
            fmt::print("{}{}\n", indent, line);
    }
    const auto problems = std::count_if(findings.begin(), findings.end(), [](const Finding& f) {
        return f.verdict == Verdict::problem;
    });
    if (problems == 0) return;
    throw Error("{} {} in the way of `scrim run`", problems,
                problems == 1 ? "problem is" : "problems are");
}

}  // namespace

void add_doctor(CLI::App& app) {
    auto* const command = app.add_subcommand(
        "doctor", "Check cameras, virtual cameras, networks and permissions, and say what to do");
    auto config = std::make_shared<std::filesystem::path>();
    add_config_option(*command, *config);
    command->footer(
        "Under a problem or a warning stands what to do about it. The exit status is 1 where\n"
        "something is in the way of `scrim run` with that configuration.");
    command->callback([config] { examine(*config); });
}

}  // namespace scrim
