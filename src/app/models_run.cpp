#include <bit>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "app/models.h"
#include "segment/raw_outputs.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace scrim {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
    std::string name;
    fs::path picture;
    fs::path folder;
};

/// Four bytes each, the lowest first, whatever the machine.
std::string little_endian(const std::vector<float>& numbers) {
    constexpr int byte_bits = 8;
    constexpr int float_bits = 32;
    std::string bytes;
    bytes.reserve(numbers.size() * sizeof(float));
    for (const float number : numbers) {
        const auto bits = std::bit_cast<std::uint32_t>(number);
        for (int shift = 0; shift < float_bits; shift += byte_bits)
            bytes.push_back(static_cast<char>(bits >> shift));
    }
    return bytes;
}

void write(const fs::path& path, const std::string& content) {
    AtomicFile file(path);
    file.write(content);
    file.finish();
}

void run(const RunOptions& options) {
    const NetworkEntry& network = Catalogue::built_in().at(options.name);
    const auto installed = installed_in(network);
    if (!installed) {
        throw Error("{} is not installed; {}", network.name, how_to_get(network.model().name));
    }
    const auto outputs = raw_outputs(network, *installed, read_picture(options.picture));
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (error) throw Error("cannot make {}: {}", options.folder.string(), error.message());
    std::string list;
    for (const RawOutput& output : outputs) {
        const std::string file = output.name + ".f32";
        write(options.folder / file, little_endian(output.data));
        list += fmt::format("{}\t{}\t{}\n", output.name, to_string(output.shape), file);
    }
    write(options.folder / "outputs.tsv", list);
    fmt::print("{}", list);
}

}  // namespace

void add_models_run(CLI::App& models) {
    auto options = std::make_shared<RunOptions>();
    auto* const command =
        models.add_subcommand("run", "Run a network on a picture and write what it answers");
    command->add_option("name", options->name, "the network, as `scrim models` lists it")
        ->required()
        ->type_name("NAME");
    command
        ->add_option("picture", options->picture,
                     "a picture of the size that the network takes (BodyPix takes any)")
        ->required()
        ->type_name("PICTURE");
    command->add_option("--dump", options->folder, "folder for OUTPUT.f32 and outputs.tsv")
        ->required()
        ->type_name("DIR");
    command->footer(
        "  scrim models run mobilenet-050-stride16 me.png --dump raw\n"
        "\n"
        "The raw outputs are little-endian floats in the order batch, height, width, channels;\n"
        "outputs.tsv has name, shape and file of each. The picture is neither scaled nor cut.");
    command->callback([options] { run(*options); });
}

}  // namespace scrim
