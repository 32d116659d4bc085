#include "v4l2/identity.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "v4l2/device.h"

namespace scrim::v4l2 {
namespace {

namespace fs = std::filesystem;

// Between the fields of the text; a field never holds it.
constexpr char separator = '|';
constexpr std::size_t fixed_fields = 4;

std::string field_of(std::string text) {
    std::replace(text.begin(), text.end(), separator, '_');
    return text;
}

/// The first line of an attribute; empty where there is none.
std::string attribute(const fs::path& path) {
    std::string line;
    std::getline(std::ifstream(path), line);
    return line;
}

Identity read_identity(const fs::path& entry) {
    std::error_code missing;
    Identity identity;
    identity.name = attribute(entry / "name");
    const std::string node = attribute(entry / "index");
    const fs::path device = fs::canonical(entry / "device", missing);
    if (missing) {  // made by software, like those of v4l2loopback
        identity.model = fmt::format("{} node {}", identity.name, node);
        identity.place = fs::weakly_canonical(entry, missing).string();
        return identity;
    }
    const fs::path usb = device.parent_path();
    const std::string vendor = attribute(usb / "idVendor");
    if (vendor.empty()) {
        const std::string driver = fs::canonical(device / "driver", missing).filename().string();
        identity.model = fmt::format("{} {} node {}", driver, identity.name, node);
        identity.place = device.string();
        return identity;
    }
    identity.model =
        fmt::format("usb {}:{} interface {} node {}", vendor, attribute(usb / "idProduct"),
                    attribute(device / "bInterfaceNumber"), node);
    identity.serial = attribute(usb / "serial");
    identity.place = usb.string();
    return identity;
}

/// By what the drivers say.
std::vector<Node> ask_nodes() {
    std::vector<Node> nodes;
    for (const auto& device : list_devices()) {
        if (!device.problem.empty()) continue;
        const auto kind = device.metadata ? "data" : "pictures";
        nodes.push_back({device.path,
                         {device.card,
                          fmt::format("{} {} {}", device.driver, device.card, kind),
                          "",
                          device.bus,
                          {}}});
    }
    return nodes;
}

bool same_kind(const Identity& a, const Identity& b) {
    return a.model == b.model && a.serial == b.serial;
}

}  // namespace

std::string text_of(const Identity& identity) {
    std::string text = field_of(identity.name);
    for (const auto& field : {identity.model, identity.serial, identity.place})
        text += separator + field_of(field);
    for (const auto& twin : identity.twins)
        text += separator + field_of(twin);
    return text;
}

std::optional<Identity> parse_identity(std::string_view text) {
    std::vector<std::string> fields;
    while (true) {
        const auto end = text.find(separator);
        fields.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    if (fields.size() < fixed_fields) return std::nullopt;
    return Identity{
        fields[0], fields[1], fields[2], fields[3], {fields.begin() + fixed_fields, fields.end()}};
}

std::vector<Node> list_nodes(const fs::path& sysfs) {
    constexpr std::string_view prefix = "video";
    const fs::path folder = sysfs / "class/video4linux";
    std::error_code missing;
    const fs::directory_iterator entries(folder, missing);
    // The folder is absent, too, until the first driver comes; asking finds no device then.
    if (missing) return ask_nodes();
    std::vector<std::pair<int, Node>> found;
    for (const auto& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) continue;
        const auto number = node_number(std::string_view(name).substr(prefix.size()));
        if (!number) continue;
        found.push_back({*number, {"/dev/" + name, read_identity(entry.path())}});
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Node> nodes;
    nodes.reserve(found.size());
    for (auto& [number, node] : found)
        nodes.push_back(std::move(node));
    return nodes;
}

std::optional<Identity> identity_of(const std::string& path, std::span<const Node> nodes) {
    std::error_code missing;
    const fs::path real = fs::canonical(path, missing);
    const auto node = std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) {
        return n.path == (missing ? path : real.string());
    });
    if (node == nodes.end()) return std::nullopt;
    Identity identity = node->identity;
    for (const auto& other : nodes) {
        if (&other != &*node && same_kind(other.identity, identity)) {
            identity.twins.push_back(other.identity.place);
        }
    }
    return identity;
}

const Node* find_node(const Identity& wanted, std::span<const Node> nodes) {
    const Node* elsewhere = nullptr;
    int count = 0;
    for (const auto& node : nodes) {
        if (!same_kind(node.identity, wanted)) continue;
        const std::string& place = node.identity.place;
        if (place == wanted.place) return &node;
        if (std::find(wanted.twins.begin(), wanted.twins.end(), place) != wanted.twins.end()) {
            continue;
        }
        elsewhere = &node;
        ++count;
    }
    return count == 1 ? elsewhere : nullptr;
}

}  // namespace scrim::v4l2
