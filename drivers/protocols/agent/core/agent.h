/* What the agent knows while it runs, and what its parts ask of each other. */
#ifndef BIRTHMARK_CORE_AGENT_H
#define BIRTHMARK_CORE_AGENT_H

#include "cbor.h"
#include "frame.h"
#include "limits.h"
#include "memory.h"
#include "sha256.h"

/* The codes of uart-v1.md; no words, which could quote a secret. */
enum bm_refusal {
  BM_OK,
  BM_UNKNOWN_KIND,
  BM_MALFORMED,
  BM_UNKNOWN_OBJECT,
  BM_UNKNOWN_DELIVERY,
  BM_UNKNOWN_ALGORITHM,
  BM_TOO_LONG,
  BM_OUT_OF_ORDER,
  BM_DIGEST_DIFFERS,
  BM_OBJECT_INVALID,
  BM_OTHER_CREDENTIAL,
  BM_NOTHING_STAGED,
  BM_NO_CREDENTIAL,
  BM_NO_KEY,
  BM_NO_CHAIN,
  BM_KEY_DIFFERS,
  BM_NOT_PROVISIONED,
  BM_OTHER_REGISTRATION,
  BM_LOCKED,
  BM_MEMORY_FAILED,
  BM_BAD_POINT,
  BM_NO_CHANNEL,
  BM_NOT_OPENED,
  BM_NO_TPM,
};

enum bm_object { BM_NO_OBJECT, BM_PROVISIONING_OBJECT, BM_SYMMETRIC_KEY, BM_PRIVATE_KEY, BM_CHAIN, BM_FILE };
enum bm_delivery { BM_NO_DELIVERY, BM_CLEAR, BM_CHANNEL, BM_SEALED_TO_TPM };

/* An object on its way in. What is clear and belongs to a credential goes into its slot; the rest waits in the working memory. */
struct bm_arriving {
  enum bm_object object; /* BM_NO_OBJECT: nothing is on its way */
  enum bm_delivery delivery;
  uint8_t operation[BM_OPERATION];
  uint8_t slot;
  uint16_t total;
  uint16_t received;
  struct bm_sha256 hash;
  struct bm_pen pen;
};

/* A key that was agreed on with the station, for one object. */
struct bm_channel {
  bool there;
  uint8_t operation[BM_OPERATION];
  uint8_t key[32];
  uint8_t iv[12];
};

/* A certificate request in the working memory, that all pieces are read from: ECDSA signs anew each time. */
struct bm_request {
  uint16_t length; /* 0: there is none */
  uint8_t operation[BM_OPERATION];
};

struct bm_remembered {
  uint16_t length; /* 0: nothing yet */
  uint8_t request_id[BM_REQUEST_ID];
  uint8_t bytes[BM_ANSWER];
};
#define BM_REMEMBERED 8

struct bm_agent {
  struct bm_kept kept;
  struct bm_arriving arriving;
  struct bm_channel channel;
  struct bm_request request;
  struct bm_frame frame;
  struct bm_remembered answers[BM_REMEMBERED];
  unsigned next_answer;
  uint16_t asked; /* the kind of the request that is being answered */
  struct bm_writer out; /* the answer that is being made, behind its kind and request id */
  uint8_t work[BM_WORK];
#if BM_WITH_TPM
  uint8_t tpm_command[BM_TPM];
  uint8_t tpm_response[BM_TPM];
#endif
};

/* ---- agent.c */

extern struct bm_agent bm_the_agent;


/* Keeps what is known now, and forgets whatever was on its way. BM_MEMORY_FAILED: it is what the memory truly holds again. */
enum bm_refusal bm_keep(struct bm_agent *agent);
/* The memory failed meanwhile: goes on with what it holds. */
enum bm_refusal bm_failed(struct bm_agent *agent);
/* Forgets the object that is on its way, and a certificate request that is being fetched. */
void bm_forget_work(struct bm_agent *agent);
void bm_forget_channel(struct bm_agent *agent);
/* Refuses, and forgets the staged credential, so that the station can send it again. */
enum bm_refusal bm_refuse_and_forget(struct bm_agent *agent, enum bm_refusal refusal);
/* Begins an answer of so many fields beside kind and request id. */
void bm_answer(struct bm_agent *agent, size_t fields);

/* ---- kept.c: what follows from what is kept */

const struct bm_held *bm_held_as(const struct bm_kept *kept, const uint8_t *operation);
bool bm_is_committed(const struct bm_kept *kept, const uint8_t *operation);
bool bm_is_staged(const struct bm_kept *kept, const uint8_t *operation);
/* Against accidents: another credential must name the one that it takes the place of. */
bool bm_is_other(const struct bm_kept *kept, const uint8_t *operation, const struct bm_value *replaces);
uint8_t bm_free_slot(const struct bm_kept *kept);
/* The credential that the unit came with: its operation is the beginning of its chain's digest. */
const struct bm_held *bm_came_with(const struct bm_kept *kept);
/* A text of a provisioning object (0 ID scope, 1 endpoint, 2 registration ID). False for what is none. */
bool bm_read_provisioning(const uint8_t *bytes, size_t length, struct bm_value texts[BM_KEYS]);
bool bm_registration(const struct bm_kept *kept, struct bm_value *registration);
/* SHA-256 of the registration ID; false without one. */
bool bm_registration_digest(const struct bm_kept *kept, uint8_t digest[BM_SHA256]);
/* Room for a new key in the free slot: the record stops naming it before its first byte goes. */
bool bm_make_room(struct bm_agent *agent);
/* Copies a credential's key into the working memory, at its end, where what is on its way is forgotten. NULL when its slot does not
 * hold it. The caller zeroes it. */
uint8_t *bm_borrow_key(struct bm_agent *agent, const struct bm_held *held);

/* ---- messages.c */

/* The fields of a request of this kind; NULL for a kind that nobody knows. */
const struct bm_field *bm_asks(uint16_t kind, size_t *count);
const char *bm_code(enum bm_refusal refusal);
enum bm_object bm_object_named(const struct bm_value *name);
const char *bm_object_name(enum bm_object object);
enum bm_delivery bm_delivery_named(const struct bm_value *name);

/* ---- One function a request: BM_OK and an answer, or why not. asks has the request's fields by their keys. */

enum bm_refusal bm_hello(struct bm_agent *agent);
enum bm_refusal bm_identity(struct bm_agent *agent);
enum bm_refusal bm_status(struct bm_agent *agent);
enum bm_refusal bm_begin(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_chunk(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_end(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_commit(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_prove(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_lock(struct bm_agent *agent, const struct bm_value *asks);
#if BM_WITH_CERTIFICATES
enum bm_refusal bm_make_key(struct bm_agent *agent, const struct bm_value *asks);
enum bm_refusal bm_fetch(struct bm_agent *agent, const struct bm_value *asks);
#endif
#if BM_WITH_TPM
enum bm_refusal bm_tpm(struct bm_agent *agent, const struct bm_value *asks);
#endif
#if BM_WITH_CHANNEL
enum bm_refusal bm_agree(struct bm_agent *agent, const struct bm_value *asks);
#endif

/* ---- objects.c, files.c, envelope.c, tpm.c, chain.c, csr.c */

/* The digest of a whole object that the unit already holds, or NULL. */
const uint8_t *bm_held_digest(const struct bm_kept *kept, enum bm_object object, const uint8_t *operation);
#if BM_WITH_FILES
const struct bm_file *bm_file_of(const struct bm_kept *kept, const uint8_t *operation);
/* Whether the file is there, with its content. */
bool bm_file_is_there(const struct bm_file *file);
enum bm_refusal bm_end_of_file(struct bm_agent *agent, const uint8_t object[BM_SHA256]);
#endif
#if BM_WITH_CHANNEL || BM_WITH_TPM
/* Opens an envelope in place: ciphertext, tag. False when it is not the one for this object, operation and registration ID. */
bool bm_open_envelope(struct bm_agent *agent, const uint8_t key[32], const uint8_t iv[12], uint8_t *bytes, size_t length);
#endif
#if BM_WITH_TPM
/* Opens what is sealed to the unit's TPM: the plain bytes are at the beginning of the working memory then. */
enum bm_refusal bm_open_sealed(struct bm_agent *agent, uint16_t *length);
/* The key of a sealed delivery's envelope, 32 bytes, as the unit's TPM gives it out. */
enum bm_refusal bm_activate(struct bm_agent *agent, const struct bm_value sealed[BM_KEYS], uint8_t key[32]);
#endif
#if BM_WITH_CERTIFICATES
/* Compares the public key in the first certificate of a chain (PEM) with this SubjectPublicKeyInfo. */
enum bm_refusal bm_compare_chain(uint32_t at, uint16_t length, const uint8_t *spki, size_t spki_length);
/* Makes the certificate request of a key that the unit made, at the beginning of the working memory. */
enum bm_refusal bm_make_request(struct bm_agent *agent, const struct bm_held *held);
#endif

#endif
