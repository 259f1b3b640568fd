/* The smallest: a symmetric key that is delivered in clear, on a device with pages of 2,048 bytes that are written by 8. */
#ifndef BIRTHMARK_CONFIG_H
#define BIRTHMARK_CONFIG_H

#define BM_CHUNK 128
#define BM_PAGE_SIZE 2048
#define BM_WRITE_UNIT 8
#define BM_KEY_SIZE 64
#define BM_WITH_CERTIFICATES 0
#define BM_WITH_CHANNEL 0
#define BM_WITH_TPM 0
#define BM_WITH_FILES 0

#endif
