#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scrim::v4l2 {

/// What a video node is known by, whatever its number is.
struct Identity {
    std::string name;    // for people
    std::string model;   // USB: vendor, product, interface and node in it; else driver and name
    std::string serial;  // may be empty, and many makers give all their cameras the same
    std::string place;   // where it hangs in the tree of devices: the USB port
    /// Places where, when this was written down, others of the same model and serial were. They
    /// are never taken for this one.
    std::vector<std::string> twins;

    bool operator==(const Identity&) const = default;
};

/// One line that can be kept, and back; nothing if it is not such a line.
std::string text_of(const Identity& identity);
std::optional<Identity> parse_identity(std::string_view text);

/// A node that is there now.
struct Node {
    std::string path;  // "/dev/video0"
    Identity identity;
};

/// All nodes in the order of their numbers, as sysfs describes them: no device is opened for it.
/// Where there is no sysfs the devices are asked themselves, which tells them apart less well.
std::vector<Node> list_nodes(const std::filesystem::path& sysfs = "/sys");

/// The identity of the node among those that are there; its path may be a symbolic link.
std::optional<Identity> identity_of(const std::string& path, std::span<const Node> nodes);

/// Which node it is now: the same model and serial in the same place; else, in a new place, the
/// only one of them. Where two could be meant it is none: the wrong camera looks somewhere else.
const Node* find_node(const Identity& wanted, std::span<const Node> nodes);

}  // namespace scrim::v4l2
