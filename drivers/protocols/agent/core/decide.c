/* What a unit says of itself, and the switch: commit, prove, lock (uart-v1.md, States of the credential). */
#include "agent.h"
#include "bytes.h"

#define PROTOCOL_VERSION 1

static const char *const capabilities[] = {
    "provisioning", "symmetric-key",    "delivery-clear", "proof-hmac-sha256", "lock",
#if BM_WITH_CERTIFICATES
    "csr",          "private-key",      "chain",          "proof-signature",
#if (BM_MAKES) & BM_P256
    "key-p256",
#endif
#if (BM_MAKES) & BM_P384
    "key-p384",
#endif
#if (BM_MAKES) & BM_RSA2048
    "key-rsa2048",
#endif
#if (BM_MAKES) & BM_RSA3072
    "key-rsa3072",
#endif
#if (BM_MAKES) & BM_RSA4096
    "key-rsa4096",
#endif
#endif
#if BM_WITH_CHANNEL
    "delivery-channel",
#endif
#if BM_WITH_TPM
    "delivery-sealed", "tpm",
#endif
#if BM_WITH_FILES
    "file",
#endif
};

enum bm_refusal bm_hello(struct bm_agent *agent) {
  const struct bm_facts *const facts = bm_port_facts();
  const size_t count = sizeof capabilities / sizeof capabilities[0];
  const bool has_own = bm_came_with(&agent->kept) != NULL;
  struct bm_writer *const out = &agent->out;
  bm_answer(agent, 5);
  bm_write_uint(out, 2);
  bm_write_uint(out, PROTOCOL_VERSION);
  bm_write_uint(out, 3);
  bm_write_array(out, has_own ? count + 1 : count);
  for (size_t at = 0; at < count; at += 1) bm_write_text(out, capabilities[at]);
  if (has_own) bm_write_text(out, "certificate");
  bm_write_uint(out, 4);
  bm_write_text(out, facts->storage);
  bm_write_uint(out, 5);
  bm_write_bool(out, facts->simulated);
  bm_write_uint(out, 6);
  bm_write_uint(out, BM_CHUNK);
  return BM_OK;
}

enum bm_refusal bm_identity(struct bm_agent *agent) {
  const struct bm_facts *const facts = bm_port_facts();
  struct bm_writer *const out = &agent->out;
  bm_answer(agent, facts->mac != NULL ? 4 : 3);
  bm_write_uint(out, 2);
  bm_write_text(out, facts->serial);
  if (facts->mac != NULL) {
    bm_write_uint(out, 3);
    bm_write_bytes(out, facts->mac, 6);
  }
  bm_write_uint(out, 4);
  bm_write_text(out, facts->model);
  bm_write_uint(out, 5);
  bm_write_text(out, facts->firmware);
  return BM_OK;
}

enum bm_refusal bm_status(struct bm_agent *agent) {
  const struct bm_kept *const kept = &agent->kept;
  const struct bm_held *const held = kept->committed.there ? &kept->committed : &kept->staged;
  const uint16_t provisioned = bm_get16le(kept->provisioned_length);
  struct bm_writer *const out = &agent->out;
  uint8_t digest[BM_SHA256];
  bm_answer(agent, (size_t)(2 + (held->there ? 1 : 0) + (provisioned > 0 ? 1 : 0)));
  bm_write_uint(out, 2);
  bm_write_text(out, kept->committed.there ? "committed" : kept->staged.there ? "staged" : "none");
  if (held->there) {
    bm_write_uint(out, 3);
    bm_write_bytes(out, held->operation, BM_OPERATION);
  }
  bm_write_uint(out, 4);
  bm_write_bool(out, kept->locked != 0);
  if (provisioned > 0) {
    bm_sha256(kept->provisioned, provisioned, digest);
    bm_write_uint(out, 5);
    bm_write_bytes(out, digest, sizeof digest);
  }
  return BM_OK;
}

/* The switch is the one write of the record; only then is what it replaced erased. */
static enum bm_refusal switch_over(struct bm_agent *agent) {
  struct bm_kept *const kept = &agent->kept;
  const bool replaces = kept->committed.there != 0;
  const unsigned before = kept->committed.slot;
  kept->committed = kept->staged;
  bm_fill((uint8_t *)&kept->staged, 0, sizeof kept->staged);
  const enum bm_refusal refusal = bm_keep(agent);
  if (refusal != BM_OK) return refusal;
  if (replaces && !bm_erase_slot(before)) return bm_failed(agent);
  bm_answer(agent, 0);
  return BM_OK;
}

enum bm_refusal bm_commit(struct bm_agent *agent, const struct bm_value *asks) {
  const struct bm_kept *const kept = &agent->kept;
  const struct bm_held *const staged = &kept->staged;
  const bool needs_chain = staged->kind != BM_SYMMETRIC;
  if (bm_is_committed(kept, asks[2].bytes)) {
    bm_answer(agent, 0);
    return BM_OK;
  }
  if (!bm_is_staged(kept, asks[2].bytes)) return kept->committed.there ? BM_OTHER_CREDENTIAL : BM_NOTHING_STAGED;
  if (kept->locked) return BM_LOCKED;
  if (needs_chain && bm_stored_length(&staged->chain) == 0) return BM_NO_CHAIN;
  /* Read back from the slot and compared with their digests before they are trusted. */
  const bool holds = bm_holds(staged, BM_KEY_PLACE) && (!needs_chain || bm_holds(staged, BM_CHAIN_PLACE));
  return holds ? switch_over(agent) : bm_refuse_and_forget(agent, BM_MEMORY_FAILED);
}

/* "birthmark-pop-v1", 00, operation id, SHA-256 of the registration ID, station's nonce, unit's nonce. */
#define LABEL 17
#define MESSAGE (LABEL + BM_OPERATION + BM_SHA256 + 32 + 32)

static bool sign(const struct bm_held *held, const uint8_t *key, const uint8_t message[MESSAGE], uint8_t *proof,
                 size_t size, size_t *length) {
  const size_t key_length = bm_stored_length(&held->key);
#if BM_WITH_CERTIFICATES
  if (held->kind != BM_SYMMETRIC) return bm_port_key_sign(key, key_length, message, MESSAGE, proof, size, length);
#endif
  if (size < BM_SHA256) return false;
  bm_hmac(key, key_length, message, MESSAGE, proof);
  *length = BM_SHA256;
  return true;
}

static enum bm_refusal give_proof(struct bm_agent *agent, const uint8_t message[MESSAGE]) {
  const struct bm_held *const held = &agent->kept.committed;
#if BM_WITH_CERTIFICATES
  uint8_t proof[BM_SIGNATURE_SIZE];
#else
  uint8_t proof[BM_SHA256];
#endif
  size_t length = 0;
  uint8_t *const key = bm_borrow_key(agent, held);
  const bool made = key != NULL && sign(held, key, message, proof, sizeof proof, &length);
  if (key != NULL) bm_zero(key, bm_stored_length(&held->key));
  if (!made) return BM_MEMORY_FAILED;
  bm_answer(agent, 2);
  bm_write_uint(&agent->out, 2);
  bm_write_bytes(&agent->out, message + MESSAGE - 32, 32);
  bm_write_uint(&agent->out, 3);
  bm_write_bytes(&agent->out, proof, length);
  return BM_OK;
}

enum bm_refusal bm_prove(struct bm_agent *agent, const struct bm_value *asks) {
  static const uint8_t label[LABEL] = "birthmark-pop-v1";
  const struct bm_kept *const kept = &agent->kept;
  struct bm_value own;
  uint8_t message[MESSAGE];
  if (!kept->committed.there) return BM_NO_CREDENTIAL;
  if (!bm_is_committed(kept, asks[2].bytes)) return BM_OTHER_CREDENTIAL;
  if (!bm_registration(kept, &own)) return BM_NOT_PROVISIONED;
  if (own.length != asks[3].length || !bm_equal(own.bytes, asks[3].bytes, own.length)) return BM_OTHER_REGISTRATION;
  bm_copy(message, label, LABEL);
  bm_copy(message + LABEL, asks[2].bytes, BM_OPERATION);
  bm_sha256(own.bytes, own.length, message + LABEL + BM_OPERATION);
  bm_copy(message + MESSAGE - 64, asks[4].bytes, 32);
  /* Never over bytes that the station alone chose: a SAS token is an HMAC of such bytes. */
  if (!bm_port_random(message + MESSAGE - 32, 32)) return BM_MEMORY_FAILED;
  return give_proof(agent, message);
}

enum bm_refusal bm_lock(struct bm_agent *agent, const struct bm_value *asks) {
  struct bm_kept *const kept = &agent->kept;
  if (!kept->committed.there) return BM_NO_CREDENTIAL;
  if (!bm_is_committed(kept, asks[2].bytes)) return BM_OTHER_CREDENTIAL;
  if (!kept->locked) {
    kept->locked = 1;
    const enum bm_refusal refusal = bm_keep(agent);
    if (refusal != BM_OK) return refusal;
  }
  bm_answer(agent, 0);
  return BM_OK;
}
