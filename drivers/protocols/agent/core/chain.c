/* The public key in the first certificate of a chain: PEM (RFC 7468) and DER (RFC 5280), read as a stream out of the slot. */
#include "agent.h"
#include "bytes.h"

#if BM_WITH_CERTIFICATES

struct pem {
  uint32_t at;
  uint32_t end;
  uint8_t piece[32];
  size_t count;
  size_t next;
  uint32_t bits;
  unsigned have;
  uint32_t taken; /* bytes that came out so far */
  bool ended;     /* by the dashes behind the certificate */
};

enum { NOTHING = -1 };

static int next_character(struct pem *pem) {
  if (pem->next == pem->count) {
    const uint32_t left = pem->end - pem->at;
    pem->count = left < sizeof pem->piece ? left : sizeof pem->piece;
    pem->next = 0;
    if (pem->count == 0 || !bm_port_flash_read(pem->at, pem->piece, pem->count)) return NOTHING;
    pem->at += (uint32_t)pem->count;
  }
  return pem->piece[pem->next++];
}

static bool find_certificate(struct pem *pem) {
  static const char begins[] = "-----BEGIN CERTIFICATE-----";
  size_t found = 0;
  while (begins[found] != '\0') {
    const int said = next_character(pem);
    if (said == NOTHING) return false;
    if (said == begins[found]) found += 1;
    else found = said != '-' ? 0 : found == 5 ? 5 : 1;
  }
  return true;
}

static int sextet(int said) {
  if (said >= 'A' && said <= 'Z') return said - 'A';
  if (said >= 'a' && said <= 'z') return said - 'a' + 26;
  if (said >= '0' && said <= '9') return said - '0' + 52;
  return said == '+' ? 62 : said == '/' ? 63 : NOTHING;
}

static int next_byte(struct pem *pem) {
  while (pem->have < 8) {
    const int said = next_character(pem);
    const int value = sextet(said);
    if (said == '-') pem->ended = true;
    if (said == NOTHING || said == '-') return NOTHING;
    /* Padding and the ends of lines carry nothing. */
    if (value == NOTHING && said != '=' && said != '\r' && said != '\n') return NOTHING;
    if (value == NOTHING) continue;
    pem->bits = pem->bits << 6 | (uint32_t)value;
    pem->have += 6;
  }
  pem->have -= 8;
  pem->taken += 1;
  return (int)(pem->bits >> pem->have & 0xff);
}

/* A tag and a length of up to 65,535. */
static bool read_head(struct pem *pem, int expected, int *tag, uint32_t *length) {
  *tag = next_byte(pem);
  const int first = next_byte(pem);
  const int bytes = first < 0x80 ? 0 : first - 0x80;
  if (*tag == NOTHING || first == NOTHING || bytes > 2 || first == 0x80) return false;
  *length = bytes == 0 ? (uint32_t)first : 0;
  for (int at = 0; at < bytes; at += 1) {
    const int byte = next_byte(pem);
    if (byte == NOTHING) return false;
    *length = *length << 8 | (uint32_t)byte;
  }
  return expected == NOTHING || *tag == expected;
}

static bool skip(struct pem *pem, uint32_t length) {
  for (uint32_t at = 0; at < length; at += 1) {
    if (next_byte(pem) == NOTHING) return false;
  }
  return true;
}

static bool skip_one(struct pem *pem, int expected) {
  int tag = 0;
  uint32_t length = 0;
  return read_head(pem, expected, &tag, &length) && skip(pem, length);
}

/* As far as the SubjectPublicKeyInfo of a TBSCertificate (RFC 5280, 4.1). */
static bool reach_key(struct pem *pem) {
  enum { SEQUENCE = 0x30, INTEGER = 0x02, VERSION = 0xa0 };
  int tag = 0;
  uint32_t length = 0;
  if (!read_head(pem, SEQUENCE, &tag, &length)) return false;
  if (!read_head(pem, NOTHING, &tag, &length) || !skip(pem, length)) return false;
  if (tag == VERSION && !skip_one(pem, INTEGER)) return false;
  if (tag != VERSION && tag != INTEGER) return false;
  /* Signature algorithm, issuer, validity, subject. */
  for (int at = 0; at < 4; at += 1) {
    if (!skip_one(pem, SEQUENCE)) return false;
  }
  return true;
}

static bool same_key(struct pem *pem, const uint8_t *spki, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    if (next_byte(pem) != spki[at]) return false;
  }
  return true;
}

enum bm_refusal bm_compare_chain(uint32_t at, uint16_t length, const uint8_t *spki, size_t spki_length) {
  struct pem pem = {at, at + length, {0}, 0, 0, 0, 0, 0, false};
  int tag = 0;
  uint32_t whole = 0;
  if (!find_certificate(&pem) || !read_head(&pem, 0x30, &tag, &whole)) return BM_OBJECT_INVALID;
  const uint32_t end = pem.taken + whole;
  if (!reach_key(&pem)) return BM_OBJECT_INVALID;
  const bool same = same_key(&pem, spki, spki_length);
  if (pem.taken > end || !skip(&pem, end - pem.taken)) return BM_OBJECT_INVALID;
  if (next_byte(&pem) != NOTHING || !pem.ended) return BM_OBJECT_INVALID;
  return same ? BM_OK : BM_KEY_DIFFERS;
}

#endif
