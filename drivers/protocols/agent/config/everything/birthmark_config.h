/* All but files, with keys and chains as long as the protocol lets them be: RSA-4096, a discrete TPM. */
#ifndef BIRTHMARK_CONFIG_H
#define BIRTHMARK_CONFIG_H

#define BM_CHUNK 896
#define BM_PAGE_SIZE 4096
#define BM_WRITE_UNIT 16
#define BM_KEY_SIZE 4096
#define BM_WITH_CERTIFICATES 1
#define BM_CHAIN_SIZE 16384
#define BM_MAKES (BM_P256 | BM_P384 | BM_RSA2048)
#define BM_SIGNATURE_SIZE 512
#define BM_SPKI_SIZE 550
#define BM_WITH_CHANNEL 1
#define BM_WITH_TPM 1
#define BM_WITH_FILES 0

#endif
