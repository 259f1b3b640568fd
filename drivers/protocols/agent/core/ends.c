/* The end of an object: it is compared, opened where it was encrypted, and kept. */
#include "agent.h"
#include "bytes.h"

static enum bm_refusal keep_and_answer(struct bm_agent *agent) {
  const enum bm_refusal refusal = bm_keep(agent);
  if (refusal == BM_OK) bm_answer(agent, 0);
  return refusal;
}

static enum bm_refusal refuse(struct bm_agent *agent, enum bm_refusal refusal) {
  bm_forget_work(agent);
  return refusal;
}

static void name(struct bm_stored *stored, size_t length, const uint8_t digest[BM_SHA256]) {
  bm_put16le(stored->length, (uint16_t)length);
  bm_copy(stored->sha256, digest, BM_SHA256);
}

/* The key is in its slot; a record says so from now on. */
static enum bm_refusal stage(struct bm_agent *agent, size_t length, const uint8_t digest[BM_SHA256]) {
  const struct bm_arriving *const arriving = &agent->arriving;
  struct bm_held *const staged = &agent->kept.staged;
  bm_fill((uint8_t *)staged, 0, sizeof *staged);
  staged->there = 1;
  staged->slot = arriving->slot;
  staged->kind = arriving->object == BM_SYMMETRIC_KEY ? BM_SYMMETRIC : BM_SENT;
  bm_copy(staged->operation, arriving->operation, BM_OPERATION);
  name(&staged->key, length, digest);
  return keep_and_answer(agent);
}

/* Whether this is a key that the unit can use. */
static bool is_usable(struct bm_agent *agent, const uint8_t *key, size_t length) {
  if (length == 0 || length > BM_KEY_SIZE) return false;
#if BM_WITH_CERTIFICATES
  uint8_t *const spki = agent->work + sizeof agent->work - BM_SPKI_SIZE;
  size_t spki_length = 0;
  if (agent->arriving.object == BM_PRIVATE_KEY) {
    return bm_port_key_public(key, length, spki, BM_SPKI_SIZE, &spki_length);
  }
#else
  (void)agent;
  (void)key;
#endif
  return true;
}

/* What came in clear is in its slot already. */
static enum bm_refusal end_of_clear_key(struct bm_agent *agent, const uint8_t digest[BM_SHA256]) {
  struct bm_arriving *const arriving = &agent->arriving;
  const uint16_t length = arriving->total;
  if (!bm_pen_end(&arriving->pen)) return bm_failed(agent);
  if (arriving->object == BM_PRIVATE_KEY) {
    const uint32_t at = bm_address(arriving->slot, BM_KEY_PLACE);
    if (!bm_port_flash_read(at, agent->work, length)) return bm_failed(agent);
    if (!is_usable(agent, agent->work, length)) return refuse(agent, BM_OBJECT_INVALID);
  }
  return stage(agent, length, digest);
}

#if BM_WITH_CHANNEL || BM_WITH_TPM
/* What was opened here is written before any record names it. */
static enum bm_refusal end_of_opened_key(struct bm_agent *agent, uint16_t length) {
  struct bm_pen *const pen = &agent->arriving.pen;
  uint8_t digest[BM_SHA256];
  if (!is_usable(agent, agent->work, length)) return refuse(agent, BM_OBJECT_INVALID);
  if (!bm_pen_write(pen, agent->work, length) || !bm_pen_end(pen)) return bm_failed(agent);
  bm_sha256(agent->work, length, digest);
  return stage(agent, length, digest);
}

static enum bm_refusal end_of_encrypted_key(struct bm_agent *agent) {
  struct bm_channel *const channel = &agent->channel;
  uint16_t length = agent->arriving.total;
  enum bm_refusal refusal = BM_NOT_OPENED;
#if BM_WITH_TPM
  if (agent->arriving.delivery == BM_SEALED_TO_TPM) refusal = bm_open_sealed(agent, &length);
#endif
  if (agent->arriving.delivery == BM_CHANNEL && channel->there &&
      bm_open_envelope(agent, channel->key, channel->iv, agent->work, length)) {
    length = (uint16_t)(length - BM_TAG);
    refusal = BM_OK;
  }
  return refusal == BM_OK ? end_of_opened_key(agent, length) : refuse(agent, refusal);
}
#endif

static enum bm_refusal end_of_provisioning(struct bm_agent *agent) {
  struct bm_value texts[BM_KEYS];
  const uint16_t length = agent->arriving.total;
  if (!bm_read_provisioning(agent->work, length, texts)) return refuse(agent, BM_OBJECT_INVALID);
  bm_put16le(agent->kept.provisioned_length, length);
  bm_copy(agent->kept.provisioned, agent->work, length);
  return keep_and_answer(agent);
}

#if BM_WITH_CERTIFICATES
/* A chain is kept beside the staged key whose public half its first certificate carries. */
static enum bm_refusal end_of_chain(struct bm_agent *agent, const uint8_t digest[BM_SHA256]) {
  struct bm_held *const staged = &agent->kept.staged;
  const uint16_t length = agent->arriving.total;
  const uint32_t at = bm_address(agent->arriving.slot, BM_CHAIN_PLACE);
  size_t spki_length = 0;
  if (!bm_pen_end(&agent->arriving.pen)) return bm_failed(agent);
  uint8_t *const key = bm_borrow_key(agent, staged);
  const size_t key_length = bm_stored_length(&staged->key);
  const bool known = key != NULL && bm_port_key_public(key, key_length, agent->work, BM_SPKI_SIZE, &spki_length);
  if (key != NULL) bm_zero(key, key_length);
  if (!known) return bm_refuse_and_forget(agent, BM_MEMORY_FAILED);
  const enum bm_refusal refusal = bm_compare_chain(at, length, agent->work, spki_length);
  if (refusal != BM_OK) return refuse(agent, refusal);
  name(&staged->chain, length, digest);
  return keep_and_answer(agent);
}
#endif

/* The end of an object that was begun and found held, or that was never begun. */
static enum bm_refusal end_of_held(struct bm_agent *agent, enum bm_object object, const struct bm_value *asks) {
  struct bm_kept *const kept = &agent->kept;
  const uint8_t *const held = bm_held_digest(kept, object, asks[2].bytes);
  if (held != NULL && bm_equal(held, asks[4].bytes, BM_SHA256)) {
    bm_answer(agent, 0);
    return BM_OK;
  }
  if (object == BM_PROVISIONING_OBJECT || object == BM_FILE) return BM_OUT_OF_ORDER;
  if (bm_is_committed(kept, asks[2].bytes)) return BM_OTHER_CREDENTIAL;
  if (held == NULL || !kept->staged.there) return BM_OUT_OF_ORDER;
  /* Staged is not in force: the unit forgets it, and the station sends the object again. A chain goes without its key. */
  if (object != BM_CHAIN) return bm_refuse_and_forget(agent, BM_DIGEST_DIFFERS);
  bm_fill((uint8_t *)&kept->staged.chain, 0, sizeof kept->staged.chain);
  const enum bm_refusal refusal = bm_keep(agent);
  return refusal == BM_OK ? BM_DIGEST_DIFFERS : refusal;
}

static enum bm_refusal end_of_whole(struct bm_agent *agent, const uint8_t digest[BM_SHA256]) {
  switch (agent->arriving.object) {
    case BM_NO_OBJECT:
      return BM_OUT_OF_ORDER;
    case BM_PROVISIONING_OBJECT:
      return end_of_provisioning(agent);
    case BM_SYMMETRIC_KEY:
    case BM_PRIVATE_KEY:
#if BM_WITH_CHANNEL || BM_WITH_TPM
      if (agent->arriving.delivery != BM_CLEAR) return end_of_encrypted_key(agent);
#endif
      return end_of_clear_key(agent, digest);
    case BM_CHAIN:
#if BM_WITH_CERTIFICATES
      return end_of_chain(agent, digest);
#else
      return BM_UNKNOWN_OBJECT;
#endif
    case BM_FILE:
#if BM_WITH_FILES
      return bm_end_of_file(agent, digest);
#else
      return BM_UNKNOWN_OBJECT;
#endif
  }
  return BM_OUT_OF_ORDER;
}

static enum bm_refusal end_of_arriving(struct bm_agent *agent, enum bm_object object, const struct bm_value *asks) {
  struct bm_arriving *const arriving = &agent->arriving;
  uint8_t digest[BM_SHA256];
  if (arriving->object != object || !bm_equal(arriving->operation, asks[2].bytes, BM_OPERATION)) return BM_OUT_OF_ORDER;
  if (arriving->received != arriving->total) return refuse(agent, BM_OUT_OF_ORDER);
  bm_sha256_end(&arriving->hash, digest);
  if (!bm_equal(digest, asks[4].bytes, sizeof digest)) return refuse(agent, BM_DIGEST_DIFFERS);
  return end_of_whole(agent, digest);
}

enum bm_refusal bm_end(struct bm_agent *agent, const struct bm_value *asks) {
  const enum bm_object object = bm_object_named(&asks[3]);
  const enum bm_refusal refusal = agent->arriving.object == BM_NO_OBJECT ? end_of_held(agent, object, asks)
                                                                        : end_of_arriving(agent, object, asks);
  /* A channel is for one object, whatever becomes of that. */
  bm_forget_channel(agent);
  return refusal;
}
