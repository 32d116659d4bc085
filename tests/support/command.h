#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace scrim::test {

/// A program that ran to its end.
struct Finished {
    int status = 0;      // exit status; 128 + signal where a signal ended it
    std::string output;  // standard output
    std::string errors;  // standard error
};

/// A started program, its output going to files; killed where it is not waited for.
class Command {
  public:
    struct Limits {
        long file_bytes = -1;  // RLIMIT_FSIZE; -1 = none
    };

    explicit Command(const std::vector<std::string>& arguments);
    Command(const std::vector<std::string>& arguments, Limits limits);
    ~Command();
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    void signal(int number) const;
    /// What it has written to standard error so far.
    std::string errors() const;
    /// Waits for the end; kills it after `limit` and then throws.
    Finished wait(std::chrono::seconds limit = std::chrono::seconds(300));

  private:
    std::filesystem::path folder_;
    int process_ = -1;
};

/// Runs to the end.
Finished run(const std::vector<std::string>& arguments);
/// Runs the scrim of this build.
Finished scrim(std::vector<std::string> arguments);
std::string scrim_path();

/// A folder of its own for each test, removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, const std::string& text);
std::string read_file(const std::filesystem::path& path);

}  // namespace scrim::test
