#ifndef BIRTHMARK_HOST_CRYPTO_H
#define BIRTHMARK_HOST_CRYPTO_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key as PKCS#8 in DER. */
bool host_write_key(EVP_PKEY *key, uint8_t *bytes, size_t size, size_t *length);
/* ECDH between a key pair and the station's point. */
bool host_agree(EVP_PKEY *own, const uint8_t station[65], uint8_t point[65], uint8_t shared[32]);

#endif
