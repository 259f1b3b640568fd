/** SHA-256 of endorsement keys that documents and issue trackers print: anybody can show them, and production takes none. */
const samples: ReadonlySet<string> = new Set([
  // Seed documents, repaired (V-07); azure-iot-sdk-c issue 271; a test key of recordings of the live service (dps-reference 9.6).
  '9232c2fa4b5c604e39fcb33bff357af2c1fd4652bb0bf47dc0368a1a63f4a841',
  'f448aec1a26e0cd564ab71ef9e53d959578f2a6ce297217ef109aa49430b5b4a',
  '9fa7a11bb56e6428fe78ef3c74fc5f6000c518c414e02ba84287b7fcf4355b5c',
]);

export const isPublicSampleKey = (sha256: Buffer): boolean => samples.has(sha256.toString('hex'));
