#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scrim {

/// Where network files are looked for, in this order: $SCRIM_MODEL_DIR, the folders in
/// $SCRIM_MODEL_PATH (separated by colons), then scrim/models in $XDG_DATA_HOME (~/.local/share)
/// and in each of $XDG_DATA_DIRS (/usr/local/share and /usr/share), then ../share/scrim/models as
/// seen from the program.
std::vector<std::filesystem::path> model_folders();

/// Where networks are installed: $SCRIM_MODEL_DIR, else scrim/models in $XDG_DATA_HOME. Throws
/// Error where neither those nor $HOME are set.
std::filesystem::path own_model_folder();

/// Those folders in a row, for messages.
std::string shown_model_folders();

/// The first file or whatever else of that name in those folders.
std::optional<std::filesystem::path> find_model_file(std::string_view name);

/// The whole content of a network file of that name. Throws Error: nowhere found (it says where it
/// was looked for and how to get it), a folder, empty, not readable, larger than 64 MiB.
std::vector<std::byte> read_model_file(std::string_view name);

/// The same for a file whose path is known.
std::vector<std::byte> read_model_file_at(const std::filesystem::path& path);

}  // namespace scrim
