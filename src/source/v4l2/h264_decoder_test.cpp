#include "source/v4l2/h264_decoder.h"

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "frame/convert.h"

namespace scrim {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr int width = 320;
constexpr int height = 180;
constexpr int key_interval = 10;

/// The brightness of the n-th picture: neighbours differ by far more than coding changes it.
int level(int n) {
    return 40 + (n * 37) % 160;
}

/// Pictures of one brightness each, as a camera would send them: no picture refers to a later one,
/// parameters before each key picture.
std::vector<Packet> encoded(int count, const AVCodec* codec) {
    AvCodecContext context = make_av_codec_context(codec);
    context->width = width;
    context->height = height;
    context->pix_fmt = AV_PIX_FMT_YUV420P;
    context->time_base = {1, 30};
    context->gop_size = key_interval;
    context->max_b_frames = 0;
    set_color_tags(*context, {Matrix::bt709, Range::limited});
    AvOptions options;
    options.set("preset", "ultrafast");
    options.set("tune", "zerolatency");
    options.set("x264-params", "log=-1:scenecut=0");
    EXPECT_GE(avcodec_open2(context.get(), codec, options.get()), 0);
    AvFrame frame = make_av_frame();
    frame->format = context->pix_fmt;
    frame->width = width;
    frame->height = height;
    set_color_tags(*frame, {Matrix::bt709, Range::limited});
    EXPECT_GE(av_frame_get_buffer(frame.get(), 0), 0);
    std::vector<Packet> packets;
    const AvPacket packet = make_av_packet();
    const auto drain = [&] {
        while (avcodec_receive_packet(context.get(), packet.get()) >= 0) {
            packets.emplace_back(packet->data, packet->data + packet->size);
            av_packet_unref(packet.get());
        }
    };
    for (int n = 0; n < count; ++n) {
        EXPECT_GE(av_frame_make_writable(frame.get()), 0);
        for (int y = 0; y < height; ++y)
            std::fill_n(frame->data[0] + y * frame->linesize[0], width, level(n));
        for (int plane = 1; plane < 3; ++plane) {
            for (int y = 0; y < height / 2; ++y)
                std::fill_n(frame->data[plane] + y * frame->linesize[plane], width / 2, 128);
        }
        frame->pts = n;
        EXPECT_GE(avcodec_send_frame(context.get(), frame.get()), 0);
        drain();
    }
    avcodec_send_frame(context.get(), nullptr);
    drain();
    return packets;
}

/// Whether it is the n-th picture, everywhere.
bool shows(const Captured& picture, int n) {
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (std::abs(picture.data[0][y * picture.stride[0] + x] - level(n)) > 6) return false;
        }
    }
    return true;
}

class H264 : public testing::Test {
  protected:
    void SetUp() override {
        const AVCodec* const codec = avcodec_find_encoder_by_name("libx264");
        if (codec == nullptr) GTEST_SKIP() << "FFmpeg has no encoder for H.264 here";
        packets_ = encoded(3 * key_interval, codec);
        ASSERT_EQ(packets_.size(), 3U * key_interval);
    }

    /// Feeds them all; says for each whether the right picture came ('x'), none ('-') or a wrong
    /// one ('!').
    std::string fed(H264Decoder& decoder, const std::vector<Packet>& packets) {
        std::string result;
        for (std::size_t n = 0; n < packets.size(); ++n) {
            const auto picture = decoder.decode(packets[n], n, Time{} + Duration(n));
            result += !picture ? '-' : shows(*picture, static_cast<int>(n)) ? 'x' : '!';
            if (picture) {
                EXPECT_EQ(picture->sequence, n);
                EXPECT_EQ(picture->captured, Time{} + Duration(n));
            }
        }
        return result;
    }

    std::vector<Packet> packets_;
};

TEST_F(H264, EachPictureComesOutAtOnce) {
    H264Decoder decoder(width, height);
    EXPECT_EQ(fed(decoder, packets_), std::string(3 * key_interval, 'x'));
    EXPECT_EQ(decoder.lost(), 0U);
}

TEST_F(H264, TagsAreThoseOfTheStream) {
    H264Decoder decoder(width, height);
    const auto picture = decoder.decode(packets_[0], 0, {});
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->tags, (ColorTags{Matrix::bt709, Range::limited}));
    EXPECT_EQ(picture->format, PixelFormat::yu12);
    EXPECT_EQ(picture->width, width);
    EXPECT_EQ(picture->height, height);
    Decoder whole;
    EXPECT_EQ(whole.decode(*picture).width(), width);
}

TEST_F(H264, StartsWithAPictureThatStandsByItself) {
    packets_.erase(packets_.begin(), packets_.begin() + 3);
    H264Decoder decoder(width, height);
    std::string result;
    for (const auto& packet : packets_)
        result += decoder.decode(packet, 0, {}) ? 'x' : '-';
    EXPECT_EQ(result, "-------" + std::string(20, 'x'));
    EXPECT_EQ(decoder.lost(), 7U);
}

TEST_F(H264, AfterALossWaitsForTheNextKeyPicture) {
    H264Decoder decoder(width, height);
    std::string result;
    for (std::size_t n = 0; n < packets_.size(); ++n) {
        if (n == 4) {
            decoder.lose();
            continue;
        }
        const auto picture = decoder.decode(packets_[n], n, {});
        result += !picture ? '-' : shows(*picture, static_cast<int>(n)) ? 'x' : '!';
    }
    EXPECT_EQ(result, "xxxx-----" + std::string(20, 'x'));
}

TEST_F(H264, ParametersMayComeByThemselves) {
    // The first packet holds them before the picture: cut it at the key picture's start code.
    const Packet first = packets_[0];
    std::size_t at = 0;
    while (at + 3 < first.size() && !(first[at] == 0 && first[at + 1] == 0 && first[at + 2] == 1 &&
                                      (first[at + 3] & 0x1f) == 5)) {
        ++at;
    }
    ASSERT_LT(at + 3, first.size());
    H264Decoder decoder(width, height);
    const auto split = first.begin() + static_cast<std::ptrdiff_t>(at);
    EXPECT_FALSE(decoder.decode(Packet(first.begin(), split), 0, {}));
    EXPECT_TRUE(decoder.decode(Packet(split, first.end()), 0, {}));
    EXPECT_EQ(decoder.lost(), 0U);
}

TEST_F(H264, PicturesOfAnotherSizeAreNotShown) {
    H264Decoder decoder(640, 360);
    EXPECT_EQ(fed(decoder, packets_), std::string(3 * key_interval, '-'));
    EXPECT_EQ(decoder.lost(), 3U * key_interval);
}

TEST_F(H264, ACutPictureIsDroppedAndSoIsWhatNeedsIt) {
    packets_[12].resize(packets_[12].size() / 2);
    H264Decoder decoder(width, height);
    const std::string result = fed(decoder, packets_);
    EXPECT_EQ(result.substr(0, 12), std::string(12, 'x'));
    EXPECT_EQ(result.substr(20), std::string(10, 'x'));
    EXPECT_EQ(result.find('!'), std::string::npos) << result;
}

TEST_F(H264, RandomDamageIsSurvived) {
    std::mt19937 random(1);
    const auto below = [&random](std::size_t n) { return random() % n; };
    for (int round = 0; round < 200; ++round) {
        auto damaged = packets_;
        for (std::size_t hits = 1 + below(20); hits > 0; --hits) {
            Packet& packet = damaged[below(damaged.size())];
            if (packet.empty()) continue;
            switch (below(3)) {
                case 0:
                    packet[below(packet.size())] = static_cast<std::uint8_t>(random());
                    break;
                case 1:
                    packet.resize(below(packet.size()));
                    break;
                default:
                    packet.insert(
                        packet.begin() + static_cast<std::ptrdiff_t>(below(packet.size())),
                        below(200), static_cast<std::uint8_t>(random()));
                    break;
            }
        }
        H264Decoder decoder(width, height);
        for (const auto& packet : damaged) {
            const auto picture = decoder.decode(packet, 0, {});
            if (!picture) continue;
            ASSERT_EQ(picture->width, width);
            ASSERT_EQ(picture->height, height);
        }
        // Whole pictures later are shown again.
        EXPECT_TRUE(decoder.decode(packets_[0], 0, {}));
    }
}

}  // namespace
}  // namespace scrim
