/* A P-256 key that the device makes itself, with its certificate chain, or a symmetric key; keys come through a channel too. */
#ifndef BIRTHMARK_CONFIG_H
#define BIRTHMARK_CONFIG_H

#define BM_CHUNK 256
#define BM_PAGE_SIZE 2048
#define BM_WRITE_UNIT 8
#define BM_KEY_SIZE 256
#define BM_WITH_CERTIFICATES 1
#define BM_CHAIN_SIZE 4096
#define BM_MAKES BM_P256
#define BM_SIGNATURE_SIZE 72
#define BM_SPKI_SIZE 91
#define BM_WITH_CHANNEL 1
#define BM_WITH_TPM 0
#define BM_WITH_FILES 0

#endif
