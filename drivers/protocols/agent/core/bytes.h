/* The few lines of string.h that the agent needs, so that it builds without a C library. */
#ifndef BIRTHMARK_BYTES_H
#define BIRTHMARK_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void bm_copy(uint8_t *to, const uint8_t *from, size_t length);
/* The same of bytes that lie over each other. */
void bm_move(uint8_t *to, const uint8_t *from, size_t length);
void bm_fill(uint8_t *bytes, uint8_t value, size_t length);
/* Zeroes what is secret; no compiler leaves it out. */
void bm_zero(void *bytes, size_t length);
/* In a time that does not depend on the bytes. */
bool bm_equal(const uint8_t *one, const uint8_t *other, size_t length);
size_t bm_length(const char *text);
/* Whether these bytes are that text. */
bool bm_is(const char *text, const uint8_t *bytes, size_t length);

uint16_t bm_get16le(const uint8_t *bytes);
uint32_t bm_get32le(const uint8_t *bytes);
uint16_t bm_get16be(const uint8_t *bytes);
uint32_t bm_get32be(const uint8_t *bytes);
void bm_put16le(uint8_t *bytes, uint16_t value);
void bm_put32le(uint8_t *bytes, uint32_t value);
void bm_put16be(uint8_t *bytes, uint16_t value);
void bm_put32be(uint8_t *bytes, uint32_t value);

#endif
