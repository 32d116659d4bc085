#include "util/child.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/error.h"

namespace scrim {
namespace {

class FileActions {
  public:
    FileActions() { posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
  public:
    Attributes() {
        posix_spawnattr_init(&attributes_);
        // What this program blocks or ignores is no business of the other one.
        sigset_t none;
        sigemptyset(&none);
        sigset_t defaults;
        sigemptyset(&defaults);
        for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM})
            sigaddset(&defaults, signal);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &defaults);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    const posix_spawnattr_t* get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

int wait_for(pid_t process, const std::function<bool()>& stopped) {
    constexpr std::chrono::milliseconds pause(20);
    int status = 0;
    while (::waitpid(process, &status, WNOHANG) == 0) {
        if (stopped()) ::kill(process, SIGTERM);
        std::this_thread::sleep_for(pause);
    }
    constexpr int signals = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : signals + WTERMSIG(status);
}

}  // namespace

ChildResult run_program(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder, const std::function<bool()>& stopped) {
    std::vector<std::string> copies = arguments;
    std::vector<char*> argv;
    argv.reserve(copies.size() + 1);
    for (std::string& argument : copies)
        argv.push_back(argument.data());
    argv.push_back(nullptr);

    const std::string log = folder / "output.log";
    FileActions actions;
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(actions.get(), STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
    const Attributes attributes;
    pid_t process = -1;
    const int error =
        ::posix_spawnp(&process, argv[0], actions.get(), attributes.get(), argv.data(), ::environ);
    if (error == ENOENT) return {.found = false, .status = 0, .output = {}};
    if (error != 0) throw Error("cannot run {}: {}", arguments[0], system_message(error));

    ChildResult result;
    result.status = wait_for(process, stopped);
    std::ifstream said(log, std::ios::binary);
    result.output.assign(std::istreambuf_iterator<char>(said), {});
    return result;
}

}  // namespace scrim
