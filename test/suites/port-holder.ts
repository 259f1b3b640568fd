// A program that holds a serial port until it is killed.
import { openSerial } from '../../drivers/serial.ts';

await openSerial({ path: process.argv[2] ?? '', baud: 115_200, signal: new AbortController().signal });
process.send?.('held');
