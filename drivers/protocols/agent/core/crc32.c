#include "crc32.h"

/* Half a byte at a time: 64 bytes of table, not 1,024. Polynomial 04C11DB7, reflected. */
static const uint32_t of_nibble[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

uint32_t bm_crc32(uint32_t before, const uint8_t *bytes, size_t length) {
  uint32_t crc = ~before;
  for (size_t at = 0; at < length; at += 1) {
    crc ^= bytes[at];
    crc = crc >> 4 ^ of_nibble[crc & 15];
    crc = crc >> 4 ^ of_nibble[crc & 15];
  }
  return ~crc;
}
