// A chain as firmware takes it (F-79): string constants whose value is the PEM text, byte for byte. Pure functions.

/** A name of the source language out of an issuer's: `line-3.ca` becomes `line_3_ca_chain`. */
const nameOf = (issuer: string): string => `${issuer.replace(/[^a-z0-9]/g, '_').replace(/^(?=\d)/, 'ca_')}_chain`;

/** PEM holds neither quotes nor backslashes, so a line end is all that is escaped. */
const quoted = (pem: string): string[] => pem.split(/(?<=\n)/).map((line) => `"${line.replace('\n', '\\n')}"`);

/** For C: adjacent literals are one string (C11 section 5.1.1.2, phase 6). */
export const cConstant = (issuer: string, pem: string): string =>
  `const char ${nameOf(issuer)}[] =\n${quoted(pem)
    .map((line) => `    ${line}`)
    .join('\n')};\n`;

/** For Java: a field to paste into a class. */
export const javaConstant = (issuer: string, pem: string): string =>
  `static final String ${nameOf(issuer).toUpperCase()} =\n    ${quoted(pem).join('\n    + ')};\n`;

/** The blocks of a PEM text, each a file of its own: what Windows and portals call base64 .cer. */
export const singles = (pem: string): string[] => pem.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/g) ?? [];
