/* Keys and ciphers of a port by OpenSSL's libcrypto 3. */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "../core/limits.h"
#include "crypto.h"

/* The digest that a key proves and signs with; NULL for a key that is none of the protocol's. */
static const EVP_MD *digest_of(EVP_PKEY *key) {
  char group[32] = "";
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_is_a(key, "RSA")) return bits >= 2048 && bits <= 4096 ? EVP_sha256() : NULL;
  if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, group, sizeof group, NULL)) return NULL;
  if (strcmp(group, "prime256v1") == 0) return EVP_sha256();
  return strcmp(group, "secp384r1") == 0 ? EVP_sha384() : NULL;
}

/* A private key in PKCS#8, DER, with nothing behind it. */
static EVP_PKEY *read_key(const uint8_t *bytes, size_t length) {
  const uint8_t *at = bytes;
  PKCS8_PRIV_KEY_INFO *const info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)length);
  EVP_PKEY *key = info != NULL && at == bytes + length ? EVP_PKCS82PKEY(info) : NULL;
  PKCS8_PRIV_KEY_INFO_free(info);
  if (key != NULL && digest_of(key) == NULL) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  return key;
}

bool host_write_key(EVP_PKEY *key, uint8_t *bytes, size_t size, size_t *length) {
  PKCS8_PRIV_KEY_INFO *const info = EVP_PKEY2PKCS8(key);
  const int needed = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : 0;
  uint8_t *to = bytes;
  const bool fits = needed > 0 && (size_t)needed <= size;
  if (fits) *length = (size_t)i2d_PKCS8_PRIV_KEY_INFO(info, &to);
  PKCS8_PRIV_KEY_INFO_free(info);
  return fits;
}

bool bm_port_key_make(unsigned algorithm, unsigned slot, uint8_t *bytes, size_t size, size_t *length) {
  EVP_PKEY *const key = algorithm == BM_P256   ? EVP_EC_gen("P-256")
                        : algorithm == BM_P384 ? EVP_EC_gen("P-384")
                                               : EVP_RSA_gen(2048);
  (void)slot;
  const bool made = key != NULL && host_write_key(key, bytes, size, length);
  EVP_PKEY_free(key);
  return made;
}

bool bm_port_key_public(const uint8_t *bytes, size_t length, uint8_t *spki, size_t size, size_t *spki_length) {
  EVP_PKEY *const key = read_key(bytes, length);
  const int needed = key != NULL ? i2d_PUBKEY(key, NULL) : 0;
  uint8_t *to = spki;
  const bool fits = needed > 0 && (size_t)needed <= size;
  if (fits) *spki_length = (size_t)i2d_PUBKEY(key, &to);
  EVP_PKEY_free(key);
  return fits;
}

bool bm_port_key_sign(const uint8_t *bytes, size_t length, const uint8_t *message, size_t message_length,
                      uint8_t *signature, size_t size, size_t *signature_length) {
  EVP_PKEY *const key = read_key(bytes, length);
  EVP_MD_CTX *const context = EVP_MD_CTX_new();
  *signature_length = size;
  const bool made = key != NULL && context != NULL &&
                    EVP_DigestSignInit(context, NULL, digest_of(key), NULL, key) == 1 &&
                    EVP_DigestSign(context, signature, signature_length, message, message_length) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return made;
}

/* OpenSSL takes a point only when it is on the curve. */
bool host_agree(EVP_PKEY *own, const uint8_t station[65], uint8_t point[65], uint8_t shared[32]) {
  EVP_PKEY *const peer = EVP_PKEY_new();
  uint8_t *encoded = NULL;
  size_t length = 32;
  const bool read = own != NULL && peer != NULL && EVP_PKEY_copy_parameters(peer, own) == 1 &&
                    EVP_PKEY_set1_encoded_public_key(peer, station, 65) == 1;
  EVP_PKEY_CTX *const context = read ? EVP_PKEY_CTX_new(own, NULL) : NULL;
  const bool agreed = context != NULL && EVP_PKEY_derive_init(context) == 1 &&
                      EVP_PKEY_derive_set_peer(context, peer) == 1 && EVP_PKEY_derive(context, shared, &length) == 1 &&
                      EVP_PKEY_get1_encoded_public_key(own, &encoded) == 65;
  if (agreed) memcpy(point, encoded, 65);
  OPENSSL_free(encoded);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(peer);
  return agreed;
}

bool bm_port_open(const uint8_t key[32], const uint8_t iv[12], const uint8_t *associated, size_t associated_length,
                  uint8_t *text, size_t length, const uint8_t tag[16]) {
  EVP_CIPHER_CTX *const context = EVP_CIPHER_CTX_new();
  uint8_t expected[16];
  uint8_t none[16];
  int count = 0;
  memcpy(expected, tag, sizeof expected);
  const bool opened = context != NULL && EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, iv) == 1 &&
                      EVP_DecryptUpdate(context, NULL, &count, associated, (int)associated_length) == 1 &&
                      (length == 0 || EVP_DecryptUpdate(context, text, &count, text, (int)length) == 1) &&
                      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, sizeof expected, expected) == 1 &&
                      EVP_DecryptFinal_ex(context, none, &count) == 1;
  EVP_CIPHER_CTX_free(context);
  return opened;
}
