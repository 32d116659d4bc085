#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace scrim {

/// A package of npm's registry, fetched by npm itself (which knows the registry, a proxy and a
/// password for them) and unpacked into a folder that disappears with this.
class NpmPackage {
  public:
    /// `name` is PACKAGE@VERSION; the folder is made in `where`. When `stopped` says so, fetching
    /// ends. Throws DownloadError.
    NpmPackage(const std::string& name, const std::filesystem::path& where,
               const std::function<bool()>& stopped);
    ~NpmPackage();
    NpmPackage(const NpmPackage&) = delete;
    NpmPackage& operator=(const NpmPackage&) = delete;

    /// Where a file of the package is, there or not.
    std::filesystem::path file(const std::string& name) const { return folder_ / "package" / name; }

  private:
    void fetch(const std::string& name, const std::function<bool()>& stopped) const;
    std::filesystem::path folder_;
};

}  // namespace scrim
