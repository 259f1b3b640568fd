// The thread that writes the certificates of ca-issue.ts as files, while the station makes the next ones. Calls that wait are
// right here: a file system that makes a new file slowly holds up nobody else.
import { renameSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf } from './ca-files.ts';
import type { Above, NewFile, Written } from './ca-issue-files.ts';

const { above } = workerData as Above;

parentPort?.on('message', (files: readonly NewFile[]) => {
  const problem = files.map(write).find((one) => one !== undefined);
  parentPort?.postMessage((problem ?? null) satisfies Written);
});

/** Whole or not at all: a kill leaves no half file under the name. */
function write({ file, certificate }: NewFile): Written | undefined {
  try {
    writeFileSync(`${file}.part`, `${pem(certificate)}${above}`);
    renameSync(`${file}.part`, file);
    return undefined;
  } catch (thrown) {
    return { file, found: codeOf(thrown) };
  }
}

/** Base64 as a PEM block of 64 columns. */
function pem(base64: string): string {
  let lines = '';
  for (let at = 0; at < base64.length; at += 64) lines += `${base64.slice(at, at + 64)}\n`;
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
