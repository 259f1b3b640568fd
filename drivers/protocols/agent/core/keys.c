/* Keys that the unit makes itself, and what is fetched: certificates and certificate requests, never a key. */
#include "agent.h"
#include "bytes.h"

#if BM_WITH_CERTIFICATES

/* The kinds of keys that this port makes; 0 for others. */
static uint8_t algorithm_named(const struct bm_value *name) {
  static const struct {
    const char *name;
    uint8_t algorithm;
  } known[] = {
      {"p256", BM_P256}, {"p384", BM_P384}, {"rsa2048", BM_RSA2048}, {"rsa3072", BM_RSA3072}, {"rsa4096", BM_RSA4096}};
  for (size_t at = 0; at < sizeof known / sizeof known[0]; at += 1) {
    if (bm_is(known[at].name, name->bytes, name->length)) return (BM_MAKES)&known[at].algorithm;
  }
  return 0;
}

/* Whether the unit made this key itself, and of this kind. */
static bool is_made(const struct bm_held *held, uint8_t algorithm) {
  return held->kind == BM_MADE && held->algorithm == algorithm && bm_holds(held, BM_KEY_PLACE);
}

static bool write_key(unsigned slot, const uint8_t *key, size_t length) {
  struct bm_pen pen;
  bm_pen_begin(&pen, bm_address(slot, BM_KEY_PLACE));
  const bool written = bm_pen_write(&pen, key, length) && bm_pen_end(&pen);
  bm_zero(&pen, sizeof pen);
  return written;
}

/* Answers once the key is durable. */
static enum bm_refusal make_pair(struct bm_agent *agent, const uint8_t *operation, uint8_t algorithm) {
  struct bm_held *const staged = &agent->kept.staged;
  const uint8_t slot = bm_free_slot(&agent->kept);
  size_t length = 0;
  bm_forget_work(agent);
  bm_forget_channel(agent);
  if (!bm_make_room(agent)) return bm_failed(agent);
  const bool made = bm_port_key_make(algorithm, slot, agent->work, BM_KEY_SIZE, &length);
  if (!made || !write_key(slot, agent->work, length)) return bm_failed(agent);
  bm_fill((uint8_t *)staged, 0, sizeof *staged);
  staged->there = 1;
  staged->slot = slot;
  staged->kind = BM_MADE;
  staged->algorithm = algorithm;
  bm_copy(staged->operation, operation, BM_OPERATION);
  bm_put16le(staged->key.length, (uint16_t)length);
  bm_sha256(agent->work, length, staged->key.sha256);
  const enum bm_refusal refusal = bm_keep(agent);
  if (refusal == BM_OK) bm_answer(agent, 0);
  return refusal;
}

static enum bm_refusal says_made(struct bm_agent *agent) {
  bm_answer(agent, 0);
  return BM_OK;
}

enum bm_refusal bm_make_key(struct bm_agent *agent, const struct bm_value *asks) {
  const struct bm_kept *const kept = &agent->kept;
  const uint8_t *const operation = asks[2].bytes;
  const uint8_t algorithm = algorithm_named(&asks[3]);
  struct bm_value registration;
  if (algorithm == 0) return BM_UNKNOWN_ALGORITHM;
  if (!bm_registration(kept, &registration)) return BM_NOT_PROVISIONED;
  if (bm_is_other(kept, operation, &asks[4])) return BM_OTHER_CREDENTIAL;
  if (bm_is_committed(kept, operation)) {
    return is_made(&kept->committed, algorithm) ? says_made(agent) : BM_OTHER_CREDENTIAL;
  }
  if (bm_is_staged(kept, operation) && is_made(&kept->staged, algorithm)) return says_made(agent);
  return kept->locked ? BM_LOCKED : make_pair(agent, operation, algorithm);
}

/* A piece of an object, from the working memory or from a slot. */
static enum bm_refusal says_piece(struct bm_agent *agent, uint16_t total, const uint8_t *digest, uint16_t offset,
                                  const uint8_t *bytes, uint32_t at) {
  if (offset >= total) return BM_OUT_OF_ORDER;
  const uint16_t left = (uint16_t)(total - offset);
  const uint16_t length = left < BM_CHUNK ? left : BM_CHUNK;
  struct bm_writer *const out = &agent->out;
  bm_answer(agent, 3);
  bm_write_uint(out, 2);
  bm_write_uint(out, total);
  bm_write_uint(out, 3);
  bm_write_bytes(out, digest, BM_SHA256);
  bm_write_uint(out, 4);
  uint8_t *const room = bm_write_room(out, length);
  if (room == NULL) return BM_TOO_LONG;
  if (bytes != NULL) bm_copy(room, bytes + offset, length);
  else if (!bm_port_flash_read(at + offset, room, length)) return bm_failed(agent);
  return BM_OK;
}

static enum bm_refusal says_chain(struct bm_agent *agent, const struct bm_held *held, uint16_t offset) {
  if (held == NULL || bm_stored_length(&held->chain) == 0) return BM_NO_CHAIN;
  if (!bm_holds(held, BM_CHAIN_PLACE)) return BM_MEMORY_FAILED;
  const uint32_t at = bm_address(held->slot, BM_CHAIN_PLACE);
  return says_piece(agent, bm_stored_length(&held->chain), held->chain.sha256, offset, NULL, at);
}

/* The request that is being fetched, or a new one. */
static enum bm_refusal says_request(struct bm_agent *agent, const struct bm_held *held, uint16_t offset) {
  const struct bm_request *const request = &agent->request;
  uint8_t digest[BM_SHA256];
  if (held == NULL || held->kind != BM_MADE) return BM_NO_KEY;
  if (request->length == 0 || !bm_equal(request->operation, held->operation, BM_OPERATION)) {
    const enum bm_refusal refusal = bm_make_request(agent, held);
    if (refusal != BM_OK) return refusal;
  }
  bm_sha256(agent->work, request->length, digest);
  return says_piece(agent, request->length, digest, offset, agent->work, 0);
}

enum bm_refusal bm_fetch(struct bm_agent *agent, const struct bm_value *asks) {
  const struct bm_kept *const kept = &agent->kept;
  const struct bm_value *const object = &asks[3];
  const bool chain = bm_is("chain", object->bytes, object->length);
  if (bm_is("certificate", object->bytes, object->length)) {
    return says_chain(agent, bm_came_with(kept), asks[4].number);
  }
  if (!chain && !bm_is("csr", object->bytes, object->length)) return BM_UNKNOWN_OBJECT;
  if (!asks[2].there) return BM_MALFORMED;
  const struct bm_held *const held = bm_held_as(kept, asks[2].bytes);
  if (held == NULL && kept->committed.there) return BM_OTHER_CREDENTIAL;
  return chain ? says_chain(agent, held, asks[4].number) : says_request(agent, held, asks[4].number);
}

#endif
