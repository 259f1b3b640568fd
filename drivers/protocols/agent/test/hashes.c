#include <string.h>

#include "../core/sha256.h"
#include "ram.h"
#include "runner.h"

static bool is(const uint8_t *bytes, size_t length, const char *hex) {
  uint8_t expected[128];
  return ram_read_hex(hex, expected, sizeof expected) == length && memcmp(bytes, expected, length) == 0;
}

/* FIPS 180-4's examples, and their million. */
static void sha256(void) {
  uint8_t digest[32];
  struct bm_sha256 hash;
  bm_sha256((const uint8_t *)"abc", 3, digest);
  EXPECT(is(digest, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  bm_sha256((const uint8_t *)"", 0, digest);
  EXPECT(is(digest, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  bm_sha256_begin(&hash);
  for (int at = 0; at < 1000000; at += 1) bm_sha256_add(&hash, (const uint8_t *)"a", 1);
  bm_sha256_end(&hash, digest);
  EXPECT(is(digest, 32, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

/* RFC 4231, cases 2 and 6. */
static void hmac(void) {
  uint8_t mac[32];
  uint8_t key[131];
  static const char message[] = "Test Using Larger Than Block-Size Key - Hash Key First";
  bm_hmac((const uint8_t *)"Jefe", 4, (const uint8_t *)"what do ya want for nothing?", 28, mac);
  EXPECT(is(mac, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  memset(key, 0xaa, sizeof key);
  bm_hmac(key, sizeof key, (const uint8_t *)message, sizeof message - 1, mac);
  EXPECT(is(mac, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

/* RFC 5869, case 3: without salt. */
static void hkdf(void) {
  uint8_t out[42];
  uint8_t secret[22];
  memset(secret, 0x0b, sizeof secret);
  bm_hkdf(secret, sizeof secret, (const uint8_t *)"", 0, out, sizeof out);
  EXPECT(is(out, 42, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
}

const struct test hash_tests[] = {
    {"SHA-256 is that of FIPS 180-4", sha256},
    {"HMAC is that of RFC 4231", hmac},
    {"HKDF without salt is that of RFC 5869", hkdf},
    {0, 0},
};
