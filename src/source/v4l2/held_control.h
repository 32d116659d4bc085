#pragma once

#include <cstdint>

namespace scrim {

/// Sets one control of a camera while this lives and puts its former value back at the end, unless
/// somebody else has changed it meanwhile. Nothing happens where the camera lacks the control, or
/// where it has that value already. Does not own the descriptor, which must stay open as long.
class HeldControl {
  public:
    HeldControl(int fd, std::uint32_t control, std::int32_t value);
    HeldControl(const HeldControl&) = delete;
    HeldControl& operator=(const HeldControl&) = delete;
    ~HeldControl();

  private:
    int fd_;
    std::uint32_t control_;
    std::int32_t value_;
    std::int32_t former_ = 0;
    bool held_ = false;
};

}  // namespace scrim
