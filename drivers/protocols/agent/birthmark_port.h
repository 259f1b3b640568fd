/* What the agent needs of a device: the whole page of it. Whoever ports the agent writes these functions and a birthmark_config.h
 * (README.md says what stands in it). All of them block until they are done; none is called from an interrupt. */
#ifndef BIRTHMARK_PORT_H
#define BIRTHMARK_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Who the unit is. Texts are 1 to 64 printable ASCII characters. */

struct bm_facts {
  const char *serial;
  const uint8_t *mac; /* six bytes, or NULL */
  const char *model;
  const char *firmware;
  const char *storage; /* where keys are kept: "secure-element", "tee" or "file" */
  bool simulated;      /* true for nothing that is ever shipped */
};

/* The same each time it is asked for. */
const struct bm_facts *bm_port_facts(void);

/* ---- The line. What arrives is handed to bm_receive (birthmark_agent.h). */

void bm_port_write(const uint8_t *bytes, size_t length);

/* ---- Non-volatile memory: BM_FLASH_SIZE bytes from 0, a region that nothing else uses. Each answers whether it was done. */

bool bm_port_flash_read(uint32_t at, uint8_t *bytes, size_t length);
/* Into erased bytes, at and length whole BM_WRITE_UNITs; durable when it answers, and not reordered with what comes after it. */
bool bm_port_flash_write(uint32_t at, const uint8_t *bytes, size_t length);
/* One page of BM_PAGE_SIZE bytes, to FF. */
bool bm_port_flash_erase(uint32_t at);

/* ---- Random numbers of a real generator: nonces come from here. */

bool bm_port_random(uint8_t *bytes, size_t length);

/* ---- With BM_WITH_CERTIFICATES: private keys. A key is up to BM_KEY_SIZE bytes that the agent keeps in a slot and hands back. One
 * that was sent is PKCS#8 in DER; one that the unit made is whatever the port likes: PKCS#8, the bare scalar, or, where a secure
 * element holds it, no more than a name for it. */

#define BM_P256 1
#define BM_P384 2
#define BM_RSA2048 4
#define BM_RSA3072 8
#define BM_RSA4096 16

/* A new key, for this slot (0 or 1) of the agent: what the slot held before is no longer needed. */
bool bm_port_key_make(unsigned algorithm, unsigned slot, uint8_t *key, size_t size, size_t *length);
/* Its SubjectPublicKeyInfo in DER; false for bytes that are no key, and for a key that bm_port_key_sign cannot sign with. */
bool bm_port_key_public(const uint8_t *key, size_t length, uint8_t *spki, size_t size, size_t *spki_length);
/* ECDSA as DER over SHA-256 (P-256) or SHA-384 (P-384), RSASSA-PKCS1-v1_5 over SHA-256 (RSA) of the message. */
bool bm_port_key_sign(const uint8_t *key, size_t length, const uint8_t *message, size_t message_length, uint8_t *signature,
                      size_t size, size_t *signature_length);

/* ---- With BM_WITH_CHANNEL: draws a P-256 key pair, gives its public point (04, x, y) and the shared x coordinate, and forgets the
 * pair. False when the station's point is not on the curve. */

bool bm_port_agree(const uint8_t station[65], uint8_t own[65], uint8_t shared[32]);

/* ---- With BM_WITH_CHANNEL or BM_WITH_TPM: AES-256-GCM, in place. False when the tag does not fit; what is in text then is zeroed
 * by the agent. */

bool bm_port_open(const uint8_t key[32], const uint8_t iv[12], const uint8_t *associated, size_t associated_length,
                  uint8_t *text, size_t length, const uint8_t tag[16]);

/* ---- With BM_WITH_TPM: one raw command to the TPM 2.0, and its raw response: its whole length, and as much of it as there is room
 * for. False when it does not answer. */

bool bm_port_tpm(const uint8_t *command, size_t length, uint8_t *response, size_t size, size_t *response_length);

/* ---- With BM_WITH_FILES: files that other programs read. The path ends with a zero and begins with one slash. */

/* Beside the path, with its permission bits, made durable, then renamed over what was there. */
bool bm_port_file_write(const char *path, unsigned mode, const uint8_t *content, size_t length);
/* Reads the file on from an offset: how many bytes there were, 0 at its end; false where there is none. */
bool bm_port_file_read(const char *path, size_t offset, uint8_t *bytes, size_t size, size_t *length);

#endif
