#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/npm_package.h"
#include "segment/catalogue.h"

namespace scrim {

/// Fetches networks and installs them into a folder.
///
/// A file is written beside its place (NAME.part), which is kept when the connection breaks and
/// completed the next time. Only when all files of a network are there and right do they take their
/// places, the one that is looked for last: what was installed before works until then, and half a
/// network is never found.
///
/// Threads: one at a time. Other processes that fetch into the same folder are kept out.
class NetworkFetcher {
  public:
    struct Options {
        std::filesystem::path folder;
        /// A folder or an address that has the files by their installed names; empty = where each
        /// network was published.
        std::string mirror;
        /// What file (or package of npm) comes, with the bytes there are and will be (0 = not
        /// known).
        std::function<void(const std::string& file, std::int64_t have, std::int64_t total)>
            progress = [](const std::string&, std::int64_t, std::int64_t) {};
        /// Asked again and again whether to end.
        std::function<bool()> stopped = [] { return false; };
    };

    explicit NetworkFetcher(Options options);

    /// Throws Error that says what to do next.
    void fetch(const NetworkEntry& network);

  private:
    void fetch_files(const NetworkEntry& network);
    /// What was missing or wrong of a network with or without checksums: the names of the files
    /// that are there as parts now, the model last.
    std::vector<std::string> fetch_known(const NetworkEntry& network);
    std::vector<std::string> fetch_unknown(const NetworkEntry& network);
    /// damage(), once these have taken their places.
    std::string damage_with(const NetworkEntry& network,
                            const std::vector<std::string>& arrived) const;
    void fetch_file(const NetworkEntry& network, const NetworkFile& file);
    void fetch_from_npm(const NetworkEntry& network, const NetworkFile& file);
    void fetch_from_address(const NetworkEntry& network, const NetworkFile& file);
    std::string address(const NetworkEntry& network, const NetworkFile& file) const;
    std::filesystem::path place(const std::string& file) const { return options_.folder / file; }
    std::filesystem::path part(const std::string& file) const;

    Options options_;
    std::map<std::string, std::unique_ptr<NpmPackage>> packages_;
};

}  // namespace scrim
