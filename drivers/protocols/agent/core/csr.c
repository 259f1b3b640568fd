/* The certificate request (PKCS#10, RFC 2986) of a key that the unit made: its registration ID as common name, no attributes. */
#include "agent.h"
#include "bytes.h"

#if BM_WITH_CERTIFICATES

enum { SEQUENCE = 0x30, SET = 0x31, UTF8 = 0x0c, BITS = 0x03, LONGEST_HEAD = 4 };

/* RFC 5758, section 3.2, and RFC 4055, section 5. */
static const uint8_t ecdsa_sha256[] = {SEQUENCE, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2};
static const uint8_t ecdsa_sha384[] = {SEQUENCE, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3};
static const uint8_t rsa_sha256[] = {SEQUENCE, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0};

static size_t head_length(size_t length) { return length < 0x80 ? 2 : length < 0x100 ? 3 : 4; }

static size_t whole(size_t length) { return head_length(length) + length; }

static uint8_t *put_head(uint8_t *to, uint8_t tag, size_t length) {
  *to++ = tag;
  if (length >= 0x80) *to++ = length < 0x100 ? 0x81 : 0x82;
  if (length >= 0x100) *to++ = (uint8_t)(length >> 8);
  *to++ = (uint8_t)length;
  return to;
}

static uint8_t *put_bytes(uint8_t *to, const uint8_t *bytes, size_t length) {
  bm_move(to, bytes, length);
  return to + length;
}

/* Version, subject, public key, no attributes. */
static uint8_t *put_info(uint8_t *to, const struct bm_value *name, const uint8_t *spki, size_t spki_length) {
  static const uint8_t version[] = {2, 1, 0};
  static const uint8_t common_name[] = {6, 3, 0x55, 4, 3};
  static const uint8_t no_attributes[] = {0xa0, 0};
  const size_t attribute = sizeof common_name + whole(name->length);
  const size_t set = whole(attribute);
  const size_t subject = whole(set);
  to = put_head(to, SEQUENCE, sizeof version + whole(subject) + spki_length + sizeof no_attributes);
  to = put_bytes(to, version, sizeof version);
  to = put_head(to, SEQUENCE, subject);
  to = put_head(to, SET, set);
  to = put_head(to, SEQUENCE, attribute);
  to = put_bytes(to, common_name, sizeof common_name);
  to = put_head(to, UTF8, name->length);
  to = put_bytes(to, name->bytes, name->length);
  to = put_bytes(to, spki, spki_length);
  return put_bytes(to, no_attributes, sizeof no_attributes);
}

static uint8_t *put_algorithm(uint8_t *to, uint8_t algorithm) {
  if (algorithm == BM_P256) return put_bytes(to, ecdsa_sha256, sizeof ecdsa_sha256);
  if (algorithm == BM_P384) return put_bytes(to, ecdsa_sha384, sizeof ecdsa_sha384);
  return put_bytes(to, rsa_sha256, sizeof rsa_sha256);
}

/* What is signed, and the signature behind it; the head goes ahead of both once their length is known. */
static size_t request_with(struct bm_agent *agent, const struct bm_held *held, const uint8_t *key,
                           const struct bm_value *name) {
  const size_t key_length = bm_stored_length(&held->key);
  uint8_t *const spki = agent->work + sizeof agent->work - key_length - BM_SPKI_SIZE;
  uint8_t *const info = agent->work + LONGEST_HEAD;
  uint8_t signature[BM_SIGNATURE_SIZE];
  size_t spki_length = 0;
  size_t length = 0;
  if (!bm_port_key_public(key, key_length, spki, BM_SPKI_SIZE, &spki_length)) return 0;
  uint8_t *to = put_info(info, name, spki, spki_length);
  if (!bm_port_key_sign(key, key_length, info, (size_t)(to - info), signature, sizeof signature, &length)) return 0;
  to = put_algorithm(to, held->algorithm);
  to = put_head(to, BITS, length + 1);
  *to++ = 0;
  to = put_bytes(to, signature, length);
  const size_t inside = (size_t)(to - info);
  bm_move(put_head(agent->work, SEQUENCE, inside), info, inside);
  return whole(inside);
}

enum bm_refusal bm_make_request(struct bm_agent *agent, const struct bm_held *held) {
  struct bm_value name;
  if (!bm_registration(&agent->kept, &name)) return BM_NOT_PROVISIONED;
  uint8_t *const key = bm_borrow_key(agent, held);
  const size_t length = key != NULL ? request_with(agent, held, key, &name) : 0;
  if (key != NULL) bm_zero(key, bm_stored_length(&held->key));
  if (length == 0) return BM_MEMORY_FAILED;
  agent->request.length = (uint16_t)length;
  bm_copy(agent->request.operation, held->operation, BM_OPERATION);
  return BM_OK;
}

#endif
