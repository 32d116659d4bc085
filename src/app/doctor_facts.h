#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "v4l2/device.h"

namespace scrim {

/// What `scrim doctor` knows of a machine before it judges: plain values, so that any machine can
/// be made up in a test.
struct MachineFacts {
    struct Node {
        v4l2::DeviceInfo device;
        std::string group;    // that owns the node: "video", or its number where it has no name
        bool member = false;  // whether this process belongs to it
        bool account_member = false;      // whether the user does, from the next login on at least
        std::vector<std::string> users;   // programs that have it open
        std::optional<bool> keep_format;  // of a loopback
    };
    struct Module {
        std::string version;                            // "0.12.7"
        std::map<std::string, std::string> parameters;  // "exclusive_caps" -> "Y,N,N,N,N,N,N,N"
    };
    struct Network {
        std::string name;
        std::string damage;  // what is wrong with its files; empty = nothing
        bool installed = false;
    };

    std::string user;
    bool container = false;

    std::vector<Node> nodes;
    std::optional<Module> module;   // v4l2loopback, as it is loaded
    bool module_installed = false;  // for this kernel, loaded or not
    std::string kernel;             // "6.1.0-18-amd64"

    std::string configuration;        // where it comes from, for people
    std::string mistakes;             // all that is wrong in it; empty = nothing
    std::string missing;              // pictures that it names; a checkerboard stands in for them
    std::string camera;               // what it names; empty = the first
    std::string loopback;             // the same
    bool camera_is_device = true;     // no picture, file, URL or pattern
    bool camera_there = true;         // of a file
    std::string own_network;          // the file; empty = one of the catalogue
    std::string own_network_problem;  // why it cannot be used
    std::vector<Network> networks;    // that the layers need

    bool pipewire = false;
    int processors = 0;
    std::vector<std::string> features;  // of the processor, what the network's speed depends on
};

/// Looks at this machine. Opens each video node for a moment and loads a network of one's own;
/// shows and changes nothing. Does not throw for what it finds.
MachineFacts facts_of_this_machine(const std::filesystem::path& config);

}  // namespace scrim
