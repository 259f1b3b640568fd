import { expect, test } from 'vitest';
import {
  lookAtMachine,
  mountedFrom,
  readBitLocker,
  readCoreDumps,
  readFileVault,
  swapAreas,
} from '../../../../station-core/setup/machine.ts';
import { moduleOf } from '../../../../station-core/setup/modules.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

const mountinfo = `22 1 0:21 / / rw,relatime - overlay overlay rw,lowerdir=/a
23 22 254:1 / /var rw - ext4 /dev/mapper/crypt-var rw
24 22 8:2 / /var/lib/my\\040folder rw - ext4 /dev/sda2 rw
25 22 8:3 / /srv rw - ext4 /dev/sda3 rw
26 22 0:40 / /srv rw - zfs pool/srv rw
`;

test.each([
  ['/var/lib/birthmark', '/dev/mapper/crypt-var'],
  ['/var/lib/my folder/line', '/dev/sda2'],
  ['/variable', undefined],
  ['/home', undefined],
  // A later mount covers the one before at the same place.
  ['/srv/line', undefined],
])('the device under %s is %s', (path, device) => {
  expect(mountedFrom(mountinfo, path)).toBe(device);
});

test('swap in memory is none, swap on a disk is named', () => {
  const head = 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n';
  expect(swapAreas(head)).toEqual([]);
  expect(swapAreas(`${head}/dev/zram0 partition 1 0 100\n`)).toEqual([]);
  expect(swapAreas(`${head}/dev/dm-1 partition 1 0 -2\n/swapfile file 1 0 -3\n`)).toEqual([
    { path: '/dev/dm-1', isFile: false },
    { path: '/swapfile', isFile: true },
  ]);
});

test('core dumps are off only when no way leads to one', () => {
  const limits = (soft: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax core file size        ${soft}   unlimited  bytes\n`;
  expect(readCoreDumps(limits('0'), 'core\n')).toBe('off');
  expect(readCoreDumps(limits('unlimited'), 'core\n')).toBe('on');
  expect(readCoreDumps(limits('unlimited'), '\n')).toBe('off');
  expect(readCoreDumps(limits('0'), '|/usr/lib/systemd/systemd-coredump %P\n')).toBe('unknown');
  expect(readCoreDumps('', 'core')).toBe('unknown');
});

test.each([
  [undefined, 'unknown'],
  ['FileVault is On.\n', 'encrypted'],
  ['FileVault is Off.\n', 'clear'],
  ['Error', 'unknown'],
] as const)('FileVault says %j: %s', (said, disk) => expect(readFileVault(said)).toBe(disk));

test.each([
  ['1\r\n', 'encrypted'],
  ['2\r\n', 'clear'],
  ['', 'unknown'],
  [undefined, 'unknown'],
] as const)('BitLocker says %j: %s', (said, disk) => expect(readBitLocker(said)).toBe(disk));

test('a p11-kit file names its module', () => {
  expect(moduleOf('# a comment\nmodule: opensc-pkcs11.so\npriority: 1\n')).toBe('opensc-pkcs11.so');
  expect(moduleOf('priority: 1\n')).toBeUndefined();
});

test('this machine is looked at without an error, for a folder that is not there yet', async () => {
  const found = await lookAtMachine(`${temporaryFolder()}/a/b`);
  expect(Object.keys(found).sort()).toEqual(['clock', 'coreDumps', 'disk', 'swap']);
});
