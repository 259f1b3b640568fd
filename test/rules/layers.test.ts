import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { sources, top } from './sources.ts';

/**
 * Who may import whom: folder → the folders or files whose code it may import beside its own. The first matching row
 * counts. `packages` are the npm packages that a folder may use; node: is free except where it says so.
 */
type Row = {
  readonly of: RegExp;
  readonly may: readonly RegExp[];
  readonly packages: readonly string[];
  readonly node?: false;
};

const contract = /^station-core\/contract\//;
const pureDrivers = [
  /^drivers\/protocols\/(protocol|possession)\.ts$/,
  /^drivers\/hsm\/hsm\.ts$/,
  /^drivers\/link\.ts$/,
  /^drivers\/programmers\/programmer\.ts$/,
  /^drivers\/asn1\//,
  /^drivers\/esp-secure-cert\/image\.ts$/,
  // The codecs, and the interface to a unit's TPM; not what carries commands.
  /^drivers\/tpm\/(?!(tpm|commands|exchange|watch|transport|tcp|device)\.ts$)/,
];

const rows: readonly Row[] = [
  // The verifier shares nothing with what it verifies, its program included; nobody imports it.
  { of: /^station-core\/verifier\//, may: [], packages: [] },
  // Programs and the command line may import anything of the station; nobody imports them.
  {
    of: /\.main\.ts$|^station-core\/cli\//,
    may: [/^station-core\/(?!verifier\/)/, /^drivers\//],
    packages: ['@commander-js/extra-typings', 'zod', 'pkcs11js', 'cbor2'],
  },
  { of: contract, may: [contract], packages: ['zod'], node: false },
  {
    of: /^drivers\//,
    may: [/^drivers\//, /^station-core\/contract\//],
    packages: ['serialport', 'cbor2', 'pkcs11js', 'better-sqlite3', 'node-forge', 'zod', 'mqtt-packet', 'ws'],
  },
  {
    of: /^station-core\/attestation\//,
    may: [/^station-core\/(attestation|ca|edge)\//, /^drivers\/asn1\//, contract],
    packages: [],
  },
  {
    of: /^station-core\/edge\//,
    may: [/^station-core\/edge\//, /^station-core\/base64\.ts$/, contract],
    packages: [],
  },
  {
    of: /^station-core\/ca\//,
    may: [/^station-core\/ca\//, /^drivers\/asn1\//, /^drivers\/hsm\/hsm\.ts$/, contract],
    packages: [],
  },
  {
    of: /^station-core\/genuine\//,
    may: [/^station-core\/(genuine|ca)\//, contract, ...pureDrivers],
    packages: [],
  },
  { of: /^station-core\/store\//, may: [/^station-core\/store\//, contract], packages: ['better-sqlite3'] },
  {
    of: /^station-core\/audit\//,
    may: [/^station-core\/audit\//, contract],
    packages: ['better-sqlite3', 'zod', 'pdfkit', 'bwip-js'],
  },
  {
    of: /^station-core\/run\//,
    may: [
      /^station-core\/(run|ca|attestation|edge|genuine|store|audit)\//,
      /^station-core\/clock\.ts$/,
      contract,
      ...pureDrivers,
    ],
    packages: [],
  },
  {
    of: /^station-core\/labels\//,
    may: [
      /^station-core\/(labels|store|audit)\//,
      /^station-core\/clock\.ts$/,
      /^drivers\/printers\/printer\.ts$/,
      contract,
    ],
    packages: ['zod', 'pdfkit', 'bwip-js'],
  },
  {
    of: /^station-core\/sync\//,
    may: [/^station-core\/(sync|store)\//, /^station-core\/(clock|base64)\.ts$/, contract],
    packages: ['zod', 'oauth4webapi'],
  },
  {
    of: /^station-core\/anchors\//,
    may: [/^station-core\/(anchors|audit)\//, /^drivers\/hsm\/hsm\.ts$/, /^drivers\/deadline\.ts$/, contract],
    packages: ['zod'],
  },
  {
    of: /^station-core\/bundle\//,
    may: [
      /^station-core\/(bundle|sync|store)\//,
      /^station-core\/audit\/note\.ts$/,
      /^station-core\/clock\.ts$/,
      contract,
    ],
    packages: ['zod', 'jose'],
  },
  {
    of: /^station-core\/(orders|operators)\//,
    may: [/^station-core\/(orders|operators|store|audit)\//, /^station-core\/clock\.ts$/, contract],
    packages: ['csv-parse', 'zod'],
  },
  {
    of: /^station-core\/mes\//,
    may: [/^station-core\/(mes|store)\//, /^station-core\/sync\/backoff\.ts$/, /^station-core\/clock\.ts$/, contract],
    packages: ['zod'],
  },
  {
    of: /^station-core\/privacy\//,
    may: [/^station-core\/(privacy|store|audit)\//, /^station-core\/clock\.ts$/, contract],
    packages: ['zod'],
  },
  {
    of: /^station-core\/backup\//,
    may: [/^station-core\/(backup|fsck|store|audit)\//, /^station-core\/privacy\/ledger\.ts$/, contract],
    packages: ['better-sqlite3', 'zod'],
  },
  { of: /^station-core\/fsck\//, may: [/^station-core\/(fsck|store|audit)\//, contract], packages: [] },
  // What a folder answers with before it has a station; it opens the one that it made.
  {
    of: /^station-core\/setup\//,
    may: [/^station-core\/(?!(cli|verifier)\/)/, /^drivers\//],
    packages: [],
  },
  // What composes the station: station.ts and the files that it is cut into.
  {
    of: /^station-core\/[\w-]+\.ts$/,
    may: [/^station-core\/(?!(cli|verifier)\/)/, /^drivers\//],
    packages: ['zod', 'ws', '@logtape/logtape', '@logtape/redaction'],
  },
  {
    of: /^renderer\//,
    may: [/^renderer\//, contract],
    packages: ['react', 'react-dom', 'react-aria-components', 'use-intl', 'zod'],
    node: false,
  },
  { of: /^electron\//, may: [/^electron\//, contract], packages: ['electron', 'zod'] },
  {
    of: /^build\//,
    may: [/./],
    packages: [
      'vite',
      '@vitejs/plugin-react',
      'vitest',
      'zod',
      'ws',
      'playwright-core',
      '@electron/packager',
      '@electron/fuses',
    ],
  },
];

type Import = { readonly from: string; readonly what: string };

function imports(): Import[] {
  return sources().flatMap((from) => {
    const text = readFileSync(join(top, from), 'utf8');
    const found = text.matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    );
    return [...found].map((match) => ({ from, what: match[1] ?? match[2] ?? match[3] ?? '' }));
  });
}

const packageOf = (what: string) =>
  what
    .split('/')
    .slice(0, what.startsWith('@') ? 2 : 1)
    .join('/');

function broken({ from, what }: Import): string | undefined {
  const row = rows.find((one) => one.of.test(from));
  if (!row) return `${from} is in no folder of the table`;
  if (what.startsWith('node:')) return row.node === false ? `${from} imports ${what}` : undefined;
  if (!what.startsWith('.')) return row.packages.includes(packageOf(what)) ? undefined : `${from} imports ${what}`;
  const target = relative(top, join(top, dirname(from), what));
  if (target === 'package.json' || /\.(css|svg)$/.test(target)) return undefined;
  if (/\.main\.ts$/.test(target)) return `${from} imports the program ${target}`;
  const own = dirname(from) === dirname(target);
  return own || row.may.some((one) => one.test(target)) ? undefined : `${from} imports ${target}`;
}

test('every import keeps to the table of who may import whom', () => {
  expect(imports().length).toBeGreaterThan(200);
  expect(imports().map(broken).filter(Boolean)).toEqual([]);
});

test('an import that the table forbids is found', () => {
  expect(broken({ from: 'station-core/contract/api.ts', what: 'node:fs' })).toBeDefined();
  expect(broken({ from: 'station-core/store/open.ts', what: '../run/lanes.ts' })).toBeDefined();
  expect(broken({ from: 'station-core/sync/pump.ts', what: '../../drivers/hsm/hsm.ts' })).toBeDefined();
  expect(broken({ from: 'station-core/verifier/verify.main.ts', what: '../contract/canonical.ts' })).toBeDefined();
  expect(broken({ from: 'station-core/verifier/verify.main.ts', what: 'zod' })).toBeDefined();
  expect(broken({ from: 'station-core/station.ts', what: './verifier/verify.ts' })).toBeDefined();
  expect(broken({ from: 'renderer/main.tsx', what: '../station-core/station.ts' })).toBeDefined();
  expect(broken({ from: 'station-core/run/lanes.ts', what: 'ws' })).toBeDefined();
});

test('only the emulator knows its own code, and the client knows nothing of it', () => {
  const dps = imports().filter(({ from, what }) => from.startsWith('station-core/sync/') && what.includes('simulated'));
  const emulator = imports().filter(
    ({ from, what }) => /^drivers\/simulated\/(dps|hub)\//.test(from) && what.includes('station-core'),
  );
  expect([...dps, ...emulator]).toEqual([]);
});
