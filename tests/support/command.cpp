#include "support/command.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace scrim::test {
namespace {

std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "scrim-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    return name;
}

void redirect(const char* path, int to) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, to);
    close(fd);
}

}  // namespace

Command::Command(const std::vector<std::string>& arguments) : Command(arguments, Limits{}) {}

Command::Command(const std::vector<std::string>& arguments, Limits limits)
    : folder_(make_folder()) {
    std::vector<std::string> copies = arguments;
    std::vector<char*> argv;
    argv.reserve(copies.size() + 1);
    for (auto& argument : copies)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    const std::string output = folder_ / "output";
    const std::string errors_file = folder_ / "errors";
    process_ = fork();
    if (process_ < 0) throw std::runtime_error("fork failed");
    if (process_ == 0) {
        redirect(output.c_str(), STDOUT_FILENO);
        redirect(errors_file.c_str(), STDERR_FILENO);
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        if (limits.file_bytes >= 0) {
            const auto bytes = static_cast<rlim_t>(limits.file_bytes);
            const rlimit limit{bytes, bytes};
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        execvp(argv[0], argv.data());
        _exit(127);
    }
}

Command::~Command() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Command::signal(int number) const {
    kill(process_, number);
}

std::string Command::errors() const {
    return read_file(folder_ / "errors");
}

Finished Command::wait(std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    int status = 0;
    while (waitpid(process_, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("it did not end");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    process_ = -1;
    Finished finished;
    finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    finished.output = read_file(folder_ / "output");
    finished.errors = errors();
    return finished;
}

Finished run(const std::vector<std::string>& arguments) {
    return Command(arguments).wait();
}

std::string scrim_path() {
    return SCRIM_BINARY_DIR "/scrim";
}

Finished scrim(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), scrim_path());
    return run(arguments);
}

TemporaryFolder::TemporaryFolder() : path_(make_folder()) {}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace scrim::test
