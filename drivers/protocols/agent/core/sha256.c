#include "sha256.h"

#include "bytes.h"

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t right(uint32_t word, unsigned by) { return word >> by | word << (32 - by); }

static uint32_t scheduled(uint32_t words[16], unsigned round) {
  if (round < 16) return words[round];
  const uint32_t before = words[(round + 1) & 15];
  const uint32_t last = words[(round + 14) & 15];
  words[round & 15] += (right(before, 7) ^ right(before, 18) ^ before >> 3) + words[(round + 9) & 15] +
                       (right(last, 17) ^ right(last, 19) ^ last >> 10);
  return words[round & 15];
}

static void compress(uint32_t state[8], const uint8_t block[64]) {
  uint32_t words[16];
  uint32_t now[8];
  for (unsigned at = 0; at < 16; at += 1) words[at] = bm_get32be(block + 4 * at);
  for (unsigned at = 0; at < 8; at += 1) now[at] = state[at];
  for (unsigned round = 0; round < 64; round += 1) {
    const uint32_t e = now[4];
    const uint32_t a = now[0];
    const uint32_t one = now[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & now[5]) ^ (~e & now[6])) +
                         constants[round] + scheduled(words, round);
    const uint32_t two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & now[1]) ^ (a & now[2]) ^ (now[1] & now[2]));
    for (unsigned at = 7; at > 0; at -= 1) now[at] = now[at - 1];
    now[4] += one;
    now[0] = one + two;
  }
  for (unsigned at = 0; at < 8; at += 1) state[at] += now[at];
  bm_zero(words, sizeof words);
  bm_zero(now, sizeof now);
}

void bm_sha256_begin(struct bm_sha256 *hash) {
  static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (unsigned at = 0; at < 8; at += 1) hash->state[at] = initial[at];
  hash->length = 0;
}

void bm_sha256_add(struct bm_sha256 *hash, const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    hash->block[hash->length & 63] = bytes[at];
    hash->length += 1;
    if ((hash->length & 63) == 0) compress(hash->state, hash->block);
  }
}

void bm_sha256_end(struct bm_sha256 *hash, uint8_t digest[BM_SHA256]) {
  static const uint8_t one = 0x80;
  static const uint8_t zero = 0;
  uint8_t bits[8];
  bm_put32be(bits, (uint32_t)(hash->length >> 29));
  bm_put32be(bits + 4, (uint32_t)(hash->length << 3));
  bm_sha256_add(hash, &one, 1);
  while ((hash->length & 63) != 56) bm_sha256_add(hash, &zero, 1);
  bm_sha256_add(hash, bits, sizeof bits);
  for (unsigned at = 0; at < 8; at += 1) bm_put32be(digest + 4 * at, hash->state[at]);
  bm_zero(hash, sizeof *hash);
}

void bm_sha256(const uint8_t *bytes, size_t length, uint8_t digest[BM_SHA256]) {
  struct bm_sha256 hash;
  bm_sha256_begin(&hash);
  bm_sha256_add(&hash, bytes, length);
  bm_sha256_end(&hash, digest);
}

static void begin_padded(struct bm_sha256 *hash, const uint8_t block[64], uint8_t pad) {
  bm_sha256_begin(hash);
  for (unsigned at = 0; at < 64; at += 1) {
    const uint8_t padded = block[at] ^ pad;
    bm_sha256_add(hash, &padded, 1);
  }
}

void bm_hmac(const uint8_t *key, size_t key_length, const uint8_t *message, size_t length, uint8_t mac[BM_SHA256]) {
  struct bm_sha256 hash;
  uint8_t block[64] = {0};
  if (key_length > sizeof block) bm_sha256(key, key_length, block);
  else bm_copy(block, key, key_length);
  begin_padded(&hash, block, 0x36);
  bm_sha256_add(&hash, message, length);
  bm_sha256_end(&hash, mac);
  begin_padded(&hash, block, 0x5c);
  bm_sha256_add(&hash, mac, BM_SHA256);
  bm_sha256_end(&hash, mac);
  bm_zero(block, sizeof block);
}

void bm_hkdf(const uint8_t *secret, size_t secret_length, const uint8_t *info, size_t info_length, uint8_t *out,
             size_t length) {
  uint8_t prk[BM_SHA256] = {0};
  uint8_t message[BM_SHA256 + 268 + 1];
  uint8_t block[BM_SHA256];
  size_t before = 0;
  bm_hmac(prk, sizeof prk, secret, secret_length, prk);
  for (uint8_t count = 1; length > 0; count += 1) {
    const size_t taken = length < sizeof block ? length : sizeof block;
    bm_copy(message, block, before);
    bm_copy(message + before, info, info_length);
    message[before + info_length] = count;
    bm_hmac(prk, sizeof prk, message, before + info_length + 1, block);
    bm_copy(out, block, taken);
    out += taken;
    length -= taken;
    before = sizeof block;
  }
  bm_zero(prk, sizeof prk);
  bm_zero(message, sizeof message);
  bm_zero(block, sizeof block);
}
