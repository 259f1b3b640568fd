/* The messages of uart-v1.md, as tables. */
#include "agent.h"
#include "bytes.h"

#define OPERATION {2, BM_BYTES, false, BM_OPERATION, BM_OPERATION}
#define OBJECT {3, BM_TEXT, false, 1, 32}
#define MAX_OBJECT 16384

static const struct bm_field hello[] = {{2, BM_UINT, false, 1, 65535}};
static const struct bm_field begin[] = {OPERATION,
                                        OBJECT,
                                        {4, BM_UINT, false, 1, MAX_OBJECT},
                                        {5, BM_TEXT, false, 1, 32},
                                        {6, BM_BYTES, true, BM_OPERATION, BM_OPERATION}};
static const struct bm_field chunk[] = {OPERATION,
                                        OBJECT,
                                        {4, BM_UINT, false, 0, MAX_OBJECT},
                                        {5, BM_UINT, false, 1, MAX_OBJECT},
                                        {6, BM_BYTES, false, 1, 896}};
static const struct bm_field end[] = {OPERATION, OBJECT, {4, BM_BYTES, false, BM_SHA256, BM_SHA256}};
static const struct bm_field operation[] = {OPERATION};
static const struct bm_field prove[] = {OPERATION,
                                        {3, BM_TEXT, false, 1, BM_REGISTRATION},
                                        {4, BM_BYTES, false, 32, 32}};
#if BM_WITH_CERTIFICATES
static const struct bm_field make_key[] = {OPERATION,
                                           {3, BM_TEXT, false, 1, 16},
                                           {4, BM_BYTES, true, BM_OPERATION, BM_OPERATION}};
static const struct bm_field fetch[] = {{2, BM_BYTES, true, BM_OPERATION, BM_OPERATION},
                                        OBJECT,
                                        {4, BM_UINT, false, 0, MAX_OBJECT}};
#endif
#if BM_WITH_TPM
static const struct bm_field tpm[] = {{2, BM_BYTES, false, BM_TPM_HEADER, BM_TPM}};
#endif
#if BM_WITH_CHANNEL
static const struct bm_field channel[] = {OPERATION, {3, BM_BYTES, false, BM_POINT, BM_POINT}};
#endif

#define ROW(fields) {fields, sizeof(fields) / sizeof((fields)[0])}
static const struct row {
  const struct bm_field *fields;
  uint8_t count;
} rows[] = {
    [1] = ROW(hello), [2] = {hello, 0}, [3] = {hello, 0}, [4] = ROW(begin),     [5] = ROW(chunk),
    [6] = ROW(end),   [7] = ROW(operation), [8] = ROW(prove), [9] = ROW(operation),
#if BM_WITH_CERTIFICATES
    [10] = ROW(make_key), [11] = ROW(fetch),
#endif
#if BM_WITH_TPM
    [12] = ROW(tpm),
#endif
#if BM_WITH_CHANNEL
    [13] = ROW(channel),
#endif
};

const struct bm_field *bm_asks(uint16_t kind, size_t *count) {
  if (kind >= sizeof rows / sizeof rows[0]) return NULL;
  *count = rows[kind].count;
  return rows[kind].fields;
}

const char *bm_code(enum bm_refusal refusal) {
  static const char *const codes[] = {
      [BM_OK] = "",
      [BM_UNKNOWN_KIND] = "unknown-kind",
      [BM_MALFORMED] = "malformed",
      [BM_UNKNOWN_OBJECT] = "unknown-object",
      [BM_UNKNOWN_DELIVERY] = "unknown-delivery",
      [BM_UNKNOWN_ALGORITHM] = "unknown-algorithm",
      [BM_TOO_LONG] = "too-long",
      [BM_OUT_OF_ORDER] = "out-of-order",
      [BM_DIGEST_DIFFERS] = "digest-differs",
      [BM_OBJECT_INVALID] = "object-invalid",
      [BM_OTHER_CREDENTIAL] = "other-credential",
      [BM_NOTHING_STAGED] = "nothing-staged",
      [BM_NO_CREDENTIAL] = "no-credential",
      [BM_NO_KEY] = "no-key",
      [BM_NO_CHAIN] = "no-chain",
      [BM_KEY_DIFFERS] = "key-differs",
      [BM_NOT_PROVISIONED] = "not-provisioned",
      [BM_OTHER_REGISTRATION] = "other-registration",
      [BM_LOCKED] = "locked",
      [BM_MEMORY_FAILED] = "memory-failed",
      [BM_BAD_POINT] = "bad-point",
      [BM_NO_CHANNEL] = "no-channel",
      [BM_NOT_OPENED] = "not-opened",
      [BM_NO_TPM] = "no-tpm",
  };
  return codes[refusal];
}

/* Kinds that this port has no room or no means for are as unknown as any other. */
static const char *const objects[] = {
    [BM_PROVISIONING_OBJECT] = "provisioning",
    [BM_SYMMETRIC_KEY] = "symmetric-key",
#if BM_WITH_CERTIFICATES
    [BM_PRIVATE_KEY] = "private-key",
    [BM_CHAIN] = "chain",
#endif
#if BM_WITH_FILES
    [BM_FILE] = "file",
#endif
};

enum bm_object bm_object_named(const struct bm_value *name) {
  for (size_t at = 1; at < sizeof objects / sizeof objects[0]; at += 1) {
    if (objects[at] != NULL && bm_is(objects[at], name->bytes, name->length)) return (enum bm_object)at;
  }
  return BM_NO_OBJECT;
}

const char *bm_object_name(enum bm_object object) { return objects[object]; }

enum bm_delivery bm_delivery_named(const struct bm_value *name) {
  if (bm_is("clear", name->bytes, name->length)) return BM_CLEAR;
#if BM_WITH_CHANNEL
  if (bm_is("channel", name->bytes, name->length)) return BM_CHANNEL;
#endif
#if BM_WITH_TPM
  if (bm_is("sealed", name->bytes, name->length)) return BM_SEALED_TO_TPM;
#endif
  return BM_NO_DELIVERY;
}
