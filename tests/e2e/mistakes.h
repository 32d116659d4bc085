#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "config/config.h"
#include "pipeline/scene.h"
#include "support/command.h"

namespace scrim::test {

/// What somebody writes wrongly, and the whole message for it.
struct Mistake {
    const char* name;
    const char* text;
    const char* message;  // FOLDER stands for the configuration's own
};

inline void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.name;
}

/// Everything that `scrim check my.yaml` says of the text.
inline std::string said_of(const std::string& text, const std::filesystem::path& folder) {
    try {
        Scene scene = scene_of_text(text, "my.yaml", folder);
        scene.prepare({.width = 64, .height = 48, .tags = {}});
        return scene.diagnostics.render();
    } catch (const ConfigError& error) {
        return error.what();
    }
}

inline void expect_explained(const Mistake& mistake) {
    const TemporaryFolder folder;
    const std::string mark = "FOLDER";
    std::string expected = mistake.message;
    const std::size_t at = expected.find(mark);
    if (at != std::string::npos) expected.replace(at, mark.size(), folder.path().string());
    EXPECT_EQ(said_of(mistake.text, folder.path()), expected);
}

}  // namespace scrim::test
