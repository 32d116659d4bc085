#include "app/doctor_judge.h"

#include <algorithm>
#include <cerrno>
#include <sstream>

#include <fmt/format.h>

namespace scrim {
namespace {

using Node = MachineFacts::Node;
using Verdict = Finding::Verdict;
using Advice = std::vector<std::string>;

const Advice load_module{"sudo modprobe v4l2loopback exclusive_caps=1 card_label=Scrim"};

Advice load_module_anew() {
    return {"close all programs that use it, then", "sudo modprobe -r v4l2loopback",
            load_module.front()};
}

bool is_camera(const Node& node) {
    const v4l2::DeviceInfo& device = node.device;
    return device.captures && device.streams && !device.loopback && !device.metadata;
}

bool is_loopback(const Node& node) {
    return node.device.loopback;
}

bool denied(const Node& node) {
    return node.device.problem_errno == EACCES || node.device.problem_errno == EPERM;
}

const Node* find(const MachineFacts& facts, const std::string& path) {
    const auto found = std::find_if(facts.nodes.begin(), facts.nodes.end(),
                                    [&](const Node& node) { return node.device.path == path; });
    return found == facts.nodes.end() ? nullptr : &*found;
}

std::string paths_of(const MachineFacts& facts, bool (*kind)(const Node&)) {
    std::string paths;
    for (const Node& node : facts.nodes) {
        if (kind(node)) paths += (paths.empty() ? "" : ", ") + name_of(node.device);
    }
    return paths.empty() ? "none" : paths;
}

/// ", used by firefox (process 1234)".
std::string used_by(const Node& node) {
    if (node.users.empty()) return {};
    return fmt::format(", used by {}", fmt::join(node.users, ", "));
}

/// Other programs than Scrim itself.
bool used_by_others(const Node& node) {
    return std::any_of(node.users.begin(), node.users.end(),
                       [](const std::string& user) { return !user.starts_with("scrim "); });
}

/// What to do where a node may not be opened.
Advice how_to_be_let_in(const MachineFacts& facts, const Node& node) {
    const std::string& path = node.device.path;
    if (node.member) return {fmt::format("sudo chmod g+rw {}", path)};
    if (node.account_member) {
        return {fmt::format("{} belongs to the group {} since the last login: log out and in again",
                            facts.user, node.group)};
    }
    if (facts.container) {
        return {
            fmt::format("start the container with --device={} --group-add={}", path, node.group)};
    }
    return {fmt::format("sudo usermod -aG {} {}", node.group, facts.user),
            "then log out and in again"};
}

/// Whatever cannot be opened, since nobody knows what it would have been.
void judge_permissions(const MachineFacts& facts, std::vector<Finding>& findings) {
    for (const Node& node : facts.nodes) {
        const std::string& problem = node.device.problem;
        if (problem.empty()) continue;
        if (denied(node)) {
            findings.push_back({Verdict::problem, "permission",
                                fmt::format("{} cannot open {}, which belongs to the group {}",
                                            facts.user, node.device.path, node.group),
                                how_to_be_let_in(facts, node)});
        } else {
            findings.push_back({Verdict::warning, "device",
                                fmt::format("{}: {}{}", node.device.path, problem, used_by(node))});
        }
    }
}

/// Where there is none of a kind, but some that may be it and cannot be opened, that was said.
bool may_be_hidden(const MachineFacts& facts) {
    return std::any_of(facts.nodes.begin(), facts.nodes.end(), denied);
}

void judge_camera(const MachineFacts& facts, std::vector<Finding>& findings) {
    const auto say = [&](Verdict verdict, std::string text, Advice advice = {}) {
        findings.push_back({verdict, "camera", std::move(text), std::move(advice)});
    };
    if (!facts.camera_is_device) {
        if (facts.camera_there) return say(Verdict::ok, "the configuration takes " + facts.camera);
        return say(Verdict::problem, "there is no file " + facts.camera,
                   {"mend real_video_device in " + facts.configuration});
    }
    for (const Node& node : facts.nodes) {
        if (!is_camera(node)) continue;
        const std::string text = name_of(node.device) + used_by(node);
        if (!used_by_others(node)) {
            say(Verdict::ok, text);
        } else {
            say(Verdict::warning, text,
                {"only one program gets pictures of a camera: close that one, or let it open the "
                 "virtual camera instead"});
        }
    }
    const bool any = std::any_of(facts.nodes.begin(), facts.nodes.end(), is_camera);
    if (!any && !may_be_hidden(facts)) {
        Advice advice{"plug one in, or try without: scrim run --source pattern"};
        if (facts.container) advice.emplace_back("start the container with --device=/dev/video0");
        say(Verdict::problem, "there is none", std::move(advice));
    }
    if (facts.camera.empty()) return;
    const std::string path = v4l2::device_path(facts.camera);
    const Node* const named = find(facts, path);
    if (named != nullptr && (is_camera(*named) || denied(*named))) return;
    say(Verdict::problem,
        fmt::format("the configuration takes {}, which is {}", path,
                    named == nullptr ? "not there" : "no camera"),
        {fmt::format("set real_video_device in {} to one of: {}; or leave it out",
                     facts.configuration, paths_of(facts, is_camera))});
}

void judge_module(const MachineFacts& facts, std::vector<Finding>& findings) {
    const auto say = [&](Verdict verdict, std::string text, Advice advice = {}) {
        findings.push_back({verdict, "v4l2loopback", std::move(text), std::move(advice)});
    };
    if (facts.module) {
        std::string text = "version " + facts.module->version;
        for (const char* const name : {"exclusive_caps", "video_nr", "max_openers"}) {
            const auto parameter = facts.module->parameters.find(name);
            if (parameter != facts.module->parameters.end())
                text += fmt::format(", {}={}", name, parameter->second);
        }
        return say(Verdict::ok, std::move(text));
    }
    if (std::any_of(facts.nodes.begin(), facts.nodes.end(), is_loopback)) {
        return say(Verdict::ok, "loaded outside of this container");
    }
    if (facts.module_installed) {
        return say(Verdict::problem, "the kernel module is installed, but not loaded", load_module);
    }
    Advice advice;
    if (facts.container) advice.emplace_back("outside of the container:");
    advice.push_back(
        fmt::format("sudo apt install v4l2loopback-dkms linux-headers-{}", facts.kernel));
    advice.push_back(load_module.front());
    say(Verdict::problem, "the kernel module of virtual cameras is not installed",
        std::move(advice));
}

void judge_loopback(const Node& node, std::vector<Finding>& findings) {
    std::string text = name_of(node.device);
    if (node.keep_format.value_or(false)) text += ", keep_format=1";
    text += used_by(node);
    if (!node.device.captures && !node.device.outputs) {
        findings.push_back({Verdict::problem, "virtual camera",
                            text +
                                ": it takes no pictures any more, as with version 0.12.7 after a "
                                "program that has ended",
                            load_module_anew()});
        return;
    }
    // While nobody writes, an exclusive one shows only that it takes pictures.
    if (node.device.captures && node.device.outputs) {
        findings.push_back({Verdict::warning, "virtual camera",
                            text + ": without exclusive_caps, so browsers do not list it",
                            load_module_anew()});
    } else {
        findings.push_back({Verdict::ok, "virtual camera", std::move(text)});
    }
}

void judge_loopbacks(const MachineFacts& facts, std::vector<Finding>& findings) {
    for (const Node& node : facts.nodes) {
        if (is_loopback(node)) judge_loopback(node, findings);
    }
    const bool any = std::any_of(facts.nodes.begin(), facts.nodes.end(), is_loopback);
    if (!any && facts.module && !may_be_hidden(facts)) {
        Advice advice = load_module_anew();
        if (facts.container) advice = {"start the container with --device=/dev/videoN of it"};
        findings.push_back({Verdict::problem, "virtual camera",
                            "the module is loaded, but none of its devices is there",
                            std::move(advice)});
    }
    if (facts.loopback.empty()) return;
    const std::string path = v4l2::device_path(facts.loopback);
    const Node* const named = find(facts, path);
    if (named != nullptr && (is_loopback(*named) || denied(*named))) return;
    findings.push_back(
        {Verdict::problem,
         "virtual camera",
         fmt::format("the configuration wants {}, which is {}", path,
                     named == nullptr ? "not there" : "no virtual camera"),
         {fmt::format("set virtual_video_device in {} to one of: {}; or leave it out",
                      facts.configuration, paths_of(facts, is_loopback))}});
}

Advice lines_of(const std::string& text) {
    Advice lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

void judge_configuration(const MachineFacts& facts, std::vector<Finding>& findings) {
    const auto say = [&](Verdict verdict, const char* text, const std::string& why) {
        findings.push_back({verdict, "configuration", facts.configuration + text, lines_of(why)});
    };
    if (!facts.mistakes.empty()) return say(Verdict::problem, " is wrong", facts.mistakes);
    if (!facts.missing.empty())
        return say(Verdict::warning, " names what is missing", facts.missing);
    say(Verdict::ok, "", "");
}

void judge_networks(const MachineFacts& facts, std::vector<Finding>& findings) {
    const auto say = [&](Verdict verdict, std::string text, Advice advice = {}) {
        findings.push_back({verdict, "network", std::move(text), std::move(advice)});
    };
    if (!facts.own_network.empty()) {
        const std::string& problem = facts.own_network_problem;
        if (problem.empty()) {
            say(Verdict::ok, facts.own_network);
        } else {
            say(Verdict::problem, problem, {"scrim models inspect " + facts.own_network});
        }
    }
    for (const MachineFacts::Network& network : facts.networks) {
        const Advice pull{"scrim models pull " + network.name};
        if (!network.installed) {
            say(Verdict::problem, network.name + " is not installed", pull);
        } else if (!network.damage.empty()) {
            say(Verdict::problem, fmt::format("{}: {}", network.name, network.damage), pull);
        } else {
            say(Verdict::ok, network.name);
        }
    }
    if (facts.mistakes.empty() && facts.own_network.empty() && facts.networks.empty())
        say(Verdict::ok, "no layer needs one");
}

/// XNNPACK and libyuv choose their code by these.
void judge_processor(const MachineFacts& facts, std::vector<Finding>& findings) {
    const bool fast = std::any_of(facts.features.begin(), facts.features.end(),
                                  [](const auto& f) { return f == "AVX2" || f == "NEON"; });
    const std::string text =
        fmt::format("{} {}{}{}", facts.processors, facts.processors == 1 ? "core" : "cores",
                    facts.features.empty() ? "" : ", ", fmt::join(facts.features, ", "));
    if (fast) {
        findings.push_back({Verdict::ok, "processor", text});
    } else {
        findings.push_back({Verdict::warning,
                            "processor",
                            text + ": without AVX2 the network takes several times as long",
                            {"if masks lag behind: model: mediapipe-landscape, mask_every: 2"}});
    }
}

}  // namespace

std::vector<Finding> judge(const MachineFacts& facts) {
    std::vector<Finding> findings;
    judge_permissions(facts, findings);
    judge_camera(facts, findings);
    judge_module(facts, findings);
    judge_loopbacks(facts, findings);
    judge_configuration(facts, findings);
    judge_networks(facts, findings);
    findings.push_back(
        {Verdict::ok, "PipeWire",
         facts.pipewire ? "runs; call programs open the virtual camera directly or through it"
                        : "does not run, and is not needed: call programs open the virtual camera "
                          "directly"});
    judge_processor(facts, findings);
    return findings;
}

}  // namespace scrim
