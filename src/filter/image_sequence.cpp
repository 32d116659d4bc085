#include "filter/image_sequence.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "filter/fitting.h"
#include "filter/placeholder.h"
#include "util/error.h"

namespace scrim {
namespace {

using Paths = std::vector<std::filesystem::path>;

/// By its name: a folder may hold other things, and a picture that is damaged is still one.
bool is_picture_name(const std::filesystem::path& path) {
    static constexpr auto endings = std::to_array<std::string_view>(
        {".apng", ".avif", ".bmp",  ".dds", ".exr", ".gif",  ".hdr", ".j2k", ".jfif",
         ".jp2",  ".jpe",  ".jpeg", ".jpg", ".jxl", ".pbm",  ".pcx", ".pgm", ".png",
         ".pnm",  ".ppm",  ".qoi",  ".tga", ".tif", ".tiff", ".webp"});
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return !path.filename().string().starts_with('.') &&
           std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// Its pictures in the order of the bytes of their names; a single picture is a short sequence.
Paths pictures_in(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::is_regular_file(folder, error)) return {folder};
    Paths pictures;
    auto entry = std::filesystem::directory_iterator(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (is_picture_name(entry->path())) pictures.push_back(entry->path());
    }
    std::sort(pictures.begin(), pictures.end(), [](const auto& a, const auto& b) {
        return a.filename().native() < b.filename().native();
    });
    return pictures;
}

/// Throws Error with the reason why there is no picture in it.
[[noreturn]] void refuse_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::exists(folder, error)) {
        throw Error("cannot open {}: there is no such folder", folder.string());
    }
    static_cast<void>(std::filesystem::directory_iterator(folder, error));  // may it be read?
    if (error) throw Error("cannot open {}: {}", folder.string(), error.message());
    throw Error("cannot open {}: there are no pictures in the folder", folder.string());
}

/// Pictures from files, all for the same time. Those that cannot be read are left out.
class FolderReel final : public Reel {
  public:
    FolderReel(Paths files, Duration each, Fitter fitter)
        : files_(std::move(files)), each_(each), fitter_(std::move(fitter)) {}

    std::optional<Duration> next() override {
        while (!stop_ && next_ < files_.size()) {
            if (read(files_[next_++])) return each_;
        }
        if (!stop_ && !any_) throw Error(complaint());
        rewind();
        return std::nullopt;
    }
    Frame picture() override { return frame_; }
    void rewind() override { next_ = 0; }
    void interrupt() noexcept override { stop_ = true; }

    /// What was wrong with the pictures that were left out so far.
    std::string complaint() const {
        if (unreadable_ < 2) return complaint_;
        return fmt::format("{} (and {} more)", complaint_, unreadable_ - 1);
    }

  private:
    bool read(const std::filesystem::path& file) {
        try {
            const auto clip = open_clip(file, {.only_pictures = true, .stop = &stop_});
            if (!clip->next()) return false;
            frame_ = fitter_(clip->pixels());
            any_ = true;
            return true;
        } catch (const std::exception& error) {
            if (complaint_.empty()) complaint_ = error.what();
            ++unreadable_;
            return false;
        }
    }

    const Paths files_;
    const Duration each_;
    const Fitter fitter_;
    std::atomic<bool> stop_{false};
    std::size_t next_ = 0;
    Frame frame_;
    bool any_ = false;
    std::string complaint_;  // about the first
    std::size_t unreadable_ = 0;
};

class ImageSequence final : public Filter {
  public:
    void bind(Schema& schema) override {
        schema
            .path("images_path", folder_,
                  "the folder with the pictures; relative to the configuration's folder")
            .required();
        schema.number("fps", pictures_per_second_, {0.001, 240}, "pictures a second");
        bind_interpolation(schema, interpolation_);
        bind_fit(schema, fit_);
    }

    void prepare(const StreamContext& stream) override {
        std::string unreadable;
        playing_ = play_or_stand_in(
            folder_, [&] { return open(stream, unreadable); },
            checkerboard(stream.width, stream.height, stream.tags));
        if (playing_.missing.empty()) playing_.missing = unreadable;
    }

    FilterTraits traits() const override {
        return {.replaces_input = true, .changes = playing_.player && playing_.player->moves()};
    }
    std::string missing() const override { return playing_.missing; }

    Paths files() const override {
        Paths files = pictures_in(folder_);
        if (files != Paths{folder_}) files.insert(files.begin(), folder_);
        return files;
    }

    void apply(Frame& image, const FrameContext& context) override {
        show(playing_.player->at(context.time), image);
    }

  private:
    std::unique_ptr<Player> open(const StreamContext& stream, std::string& unreadable) const {
        const Paths files = pictures_in(folder_);
        if (files.empty()) refuse_folder(folder_);
        const auto each = std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(1 / pictures_per_second_));
        auto reel = std::make_unique<FolderReel>(
            files, each,
            [fit = fit_, interpolation = interpolation_, stream](const Pixels& pixels) {
                return fitted(pixels, fit, interpolation, stream);
            });
        auto pictures = read_all(*reel, animation_memory);
        unreadable = reel->complaint();
        return pictures ? play_held(std::move(*pictures))
                        : play_decoding(std::move(reel), stream.live);
    }

    std::filesystem::path folder_;
    double pictures_per_second_ = 10;
    Interpolation interpolation_ = Interpolation::linear;
    Fit fit_ = Fit::stretch;
    Playing playing_;
};

}  // namespace

std::unique_ptr<Filter> make_image_sequence() {
    return std::make_unique<ImageSequence>();
}

}  // namespace scrim
