#ifndef BIRTHMARK_CRC32_H
#define BIRTHMARK_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32/ISO-HDLC, "123456789" gives CBF43926: begin with 0, hand back what came before to go on. */
uint32_t bm_crc32(uint32_t before, const uint8_t *bytes, size_t length);

#endif
