import { crc32 as zlibCrc32 } from 'node:zlib';

/** CRC-32/ISO-HDLC, the one of Ethernet and zlib: "123456789" gives 0xCBF43926. Unsigned. */
export const crc32 = (bytes: Uint8Array): number => zlibCrc32(bytes);
