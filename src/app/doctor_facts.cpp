#include "app/doctor_facts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <grp.h>
#include <linux/videodev2.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "app/models.h"
#include "app/options.h"
#include "pipeline/scene.h"
#include "segment/own_network.h"
#include "source/registry.h"
#include "util/fd.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& file) {
    std::string line;
    std::getline(std::ifstream(file), line);
    return line;
}

std::string user_name() {
    const passwd* const entry = getpwuid(geteuid());
    return entry == nullptr ? std::to_string(geteuid()) : entry->pw_name;
}

std::string group_name(gid_t id) {
    const group* const entry = getgrgid(id);
    return entry == nullptr ? std::to_string(id) : entry->gr_name;
}

/// Of this process.
std::set<gid_t> own_groups() {
    std::set<gid_t> groups{getegid()};
    const int count = getgroups(0, nullptr);
    std::vector<gid_t> more(static_cast<std::size_t>(std::max(count, 0)));
    if (count > 0 && getgroups(count, more.data()) == count)
        groups.insert(more.begin(), more.end());
    return groups;
}

/// Of the user by the system's files: somebody who has just joined a group gets it with the next
/// login.
std::set<gid_t> account_groups() {
    const passwd* const entry = getpwuid(geteuid());
    if (entry == nullptr) return {};
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
        getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count);
    }
    groups.resize(static_cast<std::size_t>(std::min(count, static_cast<int>(groups.size()))));
    return {groups.begin(), groups.end()};
}

/// The loopback's own control; nothing where the version has none.
std::optional<bool> keep_format_of(const std::string& path) {
    constexpr __u32 keep_format = V4L2_CID_USER_BASE | 0xf000;
    const Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    v4l2_control control{};
    control.id = keep_format;
    if (!fd || v4l2::retry_ioctl(fd.get(), VIDIOC_G_CTRL, &control) < 0) return std::nullopt;
    return control.value != 0;
}

std::vector<MachineFacts::Node> nodes() {
    const std::set<gid_t> mine = own_groups();
    const std::set<gid_t> account = account_groups();
    std::vector<MachineFacts::Node> all;
    for (v4l2::DeviceInfo& device : v4l2::list_devices()) {
        MachineFacts::Node node;
        struct stat status {};
        if (::stat(device.path.c_str(), &status) == 0) {
            node.group = group_name(status.st_gid);
            node.member = mine.contains(status.st_gid);
            node.account_member = account.contains(status.st_gid);
        }
        node.users = v4l2::users_of(device.path);
        if (device.loopback) node.keep_format = keep_format_of(device.path);
        node.device = std::move(device);
        all.push_back(std::move(node));
    }
    return all;
}

std::optional<MachineFacts::Module> loaded_module() {
    const fs::path folder = "/sys/module/v4l2loopback";
    std::error_code failed;
    if (!fs::exists(folder, failed)) return std::nullopt;
    MachineFacts::Module module;
    module.version = first_line(folder / "version");
    for (const auto& entry : fs::directory_iterator(folder / "parameters", failed))
        module.parameters[entry.path().filename().string()] = first_line(entry.path());
    return module;
}

std::string kernel_release() {
    utsname names{};
    return ::uname(&names) == 0 ? names.release : "";
}

/// Whether modprobe would find it. It is in one of three folders, compressed or not.
bool module_file_there(const std::string& kernel) {
    std::error_code failed;
    for (const char* const folder : {"updates", "extra", "kernel/drivers/media"}) {
        const fs::path place = fs::path("/lib/modules") / kernel / folder;
        for (fs::recursive_directory_iterator entry(place, failed), end; !failed && entry != end;
             entry.increment(failed)) {
            if (entry->path().filename().string().starts_with("v4l2loopback.ko")) return true;
        }
    }
    return false;
}

bool in_container() {
    std::error_code failed;
    return fs::exists("/.dockerenv", failed) || fs::exists("/run/.containerenv", failed) ||
           std::getenv("container") != nullptr;
}

/// Whether somebody answers at the session's socket.
bool pipewire_answers() {
    const char* const folder = std::getenv("XDG_RUNTIME_DIR");
    if (folder == nullptr) return false;
    const std::string path = std::string(folder) + "/pipewire-0";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) return false;
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* const where = reinterpret_cast<const sockaddr*>(&address);
    return fd && ::connect(fd.get(), where, sizeof(address)) == 0;
}

/// Those of the kernel's list that matter.
std::vector<std::string> processor_features() {
    constexpr std::array<std::pair<const char*, const char*>, 5> known{{{"sse4_1", "SSE4.1"},
                                                                        {"avx", "AVX"},
                                                                        {"avx2", "AVX2"},
                                                                        {"avx512f", "AVX-512"},
                                                                        {"asimd", "NEON"}}};
    std::ifstream list("/proc/cpuinfo");
    std::set<std::string> flags;
    for (std::string line; flags.empty() && std::getline(list, line);) {
        if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
        std::istringstream words(line.substr(line.find(':') + 1));
        for (std::string word; words >> word;)
            flags.insert(word);
    }
    std::vector<std::string> features;
    for (const auto& [flag, name] : known)
        if (flags.contains(flag)) features.emplace_back(name);
    return features;
}

void add_network_facts(const Scene& scene, MachineFacts& facts) {
    if (!scene.compositor.needs().any()) return;
    if (names_network_file(scene.config.model)) {
        facts.own_network = scene.config.model;
        try {
            open_own_network(scene.config);
        } catch (const Error& e) {
            facts.own_network_problem = e.what();
        }
    }
    for (const NetworkEntry* const network : networks_of(scene.config)) {
        const auto folder = installed_in(*network);
        facts.networks.push_back(
            {network->name, folder ? damage(*network, *folder) : "", folder.has_value()});
    }
}

void add_configuration_facts(const fs::path& path, MachineFacts& facts) {
    facts.configuration = name_of_config(path);
    try {
        Scene scene = scene_of_option(path);
        scene.prepare({.width = 1280, .height = 720, .tags = {}});
        if (scene.diagnostics.count(Diagnostic::Severity::missing) > 0)
            facts.missing = scene.diagnostics.render();
        const Config& config = scene.config;
        facts.camera = resolve_device(config.real_video_device, config.folder);
        facts.loopback = config.virtual_video_device;
        facts.camera_is_device = facts.camera.empty() || v4l2::names_device(facts.camera);
        std::error_code failed;
        const bool file = facts.camera.starts_with('/') && !facts.camera_is_device;
        facts.camera_there = !file || fs::exists(facts.camera, failed);
        add_network_facts(scene, facts);
    } catch (const Error& e) {
        facts.mistakes = e.what();
    }
}

}  // namespace

MachineFacts facts_of_this_machine(const fs::path& config) {
    MachineFacts facts;
    facts.user = user_name();
    facts.container = in_container();
    facts.nodes = nodes();
    facts.module = loaded_module();
    facts.kernel = kernel_release();
    facts.module_installed = facts.module || module_file_there(facts.kernel);
    facts.pipewire = pipewire_answers();
    facts.processors = static_cast<int>(std::thread::hardware_concurrency());
    facts.features = processor_features();
    add_configuration_facts(config, facts);
    return facts;
}

}  // namespace scrim
