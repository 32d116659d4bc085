#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// The user's configuration and the copies of it that are stored by name, in the folder `profiles`
/// beside it. Nothing that the user wrote is lost: a profile is replaced only where that is asked
/// for, and a configuration that is stored nowhere is stored before another one takes its place.
///
/// A configuration that is a symbolic link is read through it; where it is replaced, the link is
/// replaced and what it leads to stays as it is: that may be one of the profiles, or a file that
/// others use too. All functions throw Error.
class ProfileStore {
  public:
    /// `config` is where the configuration is, or will be.
    explicit ProfileStore(std::filesystem::path config);

    const std::filesystem::path& config() const { return config_; }
    bool has_config() const;

    /// Sorted.
    std::vector<std::string> names() const;
    /// The profile with exactly this text.
    std::optional<std::string> name_of(std::string_view text) const;
    /// Where a profile is, or would be. Names have no "/" and begin with neither "." nor "-"; an
    /// ending ".yaml" does not belong to them.
    std::filesystem::path file_of(std::string_view name) const;
    /// The same of one that is there; otherwise says which one was probably meant.
    std::filesystem::path existing_file_of(std::string_view name) const;

    /// Stores the configuration. False: a profile of that name is there, with another text, and
    /// `replace` is false.
    bool save(std::string_view name, bool replace) const;

    /// Stores the configuration under the date and time if there is one that is stored nowhere.
    /// Returns that name.
    std::optional<std::string> keep() const;

    /// Replaces the configuration, after keep().
    void write_config(std::string_view text, std::filesystem::perms permissions) const;

  private:
    bool store(std::string_view name, const std::string& text, bool replace) const;

    std::filesystem::path config_;
    std::filesystem::path folder_;
};

}  // namespace scrim
