/* SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) over it. */
#ifndef BIRTHMARK_SHA256_H
#define BIRTHMARK_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define BM_SHA256 32

struct bm_sha256 {
  uint32_t state[8];
  uint64_t length;
  uint8_t block[64];
};

void bm_sha256_begin(struct bm_sha256 *hash);
void bm_sha256_add(struct bm_sha256 *hash, const uint8_t *bytes, size_t length);
/* The digest; nothing of what was hashed is left. */
void bm_sha256_end(struct bm_sha256 *hash, uint8_t digest[BM_SHA256]);
void bm_sha256(const uint8_t *bytes, size_t length, uint8_t digest[BM_SHA256]);

void bm_hmac(const uint8_t *key, size_t key_length, const uint8_t *message, size_t length, uint8_t mac[BM_SHA256]);
/* Up to 64 bytes without salt; info as long as the channel's (268 bytes at most). */
void bm_hkdf(const uint8_t *secret, size_t secret_length, const uint8_t *info, size_t info_length, uint8_t *out,
             size_t length);

#endif
