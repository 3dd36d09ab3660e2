#define _GNU_SOURCE  // syscall
#include "tiles.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((target("amx-tile"))) void ck_configure_tiles(size_t rows) {
    static _Thread_local size_t configured;
    if (configured == rows) return;
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t bytes[16];
        uint8_t rows[16];
    } shape = {.palette = 1};
    size_t upper = rows < 16 ? rows : 16;
    for (int t = 0; t < 8; t++) {
        shape.bytes[t] = 64;
        shape.rows[t] = 16;
    }
    shape.rows[0] = shape.rows[1] = shape.rows[4] = (uint8_t)upper;
    if (rows > 16) shape.rows[2] = shape.rows[3] = shape.rows[5] = (uint8_t)(rows - upper);
    _tile_loadconfig(&shape);
    configured = rows;
}

// Linux lets a process use the tiles only after it has asked for permission.
bool ck_may_use_tiles(unsigned *features) {
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d >> 24 & 1)) return false;
    *features = d;
    const long request_permission = 0x1023, tile_data = 18;
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}
#endif
