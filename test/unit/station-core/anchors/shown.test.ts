import { expect, test } from 'vitest';
import { hsms } from '../../../../drivers/hsm/registry.ts';
import { checkpointText } from '../../../../station-core/audit/note.ts';
import { Anchored, copyDatabase, noteIn, stopCode } from '../../../suites/anchored.ts';
import { makeSoftHsm } from '../../../suites/softhsm.ts';
import { temporaryFolder } from '../../../suites/temporary.ts';

test('the code and the file of a shift are compared with the log later, and what is nobody’s is refused and stops nothing', async () => {
  const station = await Anchored.open();
  const { line } = station;
  const { code, note, size } = await line.as('technician', 'audit.checkpoint', { shiftEnd: true });
  expect(line.station.heads.newest()?.why).toBe('shift');
  expect(await line.as('auditor', 'audit.compare', { code })).toMatchObject({ verdict: 'same', size });
  expect(await line.as('auditor', 'audit.compare', { note })).toMatchObject({ verdict: 'same', size });
  const invalid = { code: 'input.invalid' };
  const [origin = '', , root = ''] = note.split('\n');
  const foreign = note.replaceAll(origin, 'birthmark/other/00000000');
  const changed = note.replace(root, Buffer.alloc(32, 7).toString('base64'));
  for (const bad of [foreign, changed, note.slice(0, 40), 'x', checkpointText(origin, 9, Buffer.alloc(32))]) {
    await expect(line.as('auditor', 'audit.compare', { note: bad })).rejects.toMatchObject(invalid);
  }
  await expect(line.as('auditor', 'audit.compare', { code: code.replace(/^\d+/, '7') })).rejects.toMatchObject(invalid);
  expect(station.stopped).toBeUndefined();
});

test('a code alone stops a station that was put back, and two people reconcile with what it tells', async () => {
  const station = await Anchored.open();
  const { line } = station;
  const yesterday = temporaryFolder();
  const before = await station.keep(yesterday);
  await line.start();
  await station.anchor();
  const { code } = await line.as('lead', 'audit.checkpoint', {});
  await line.stop();
  copyDatabase(yesterday, line.folder);
  line.emulator.switches.offline = true;
  await station.putBack(before, 'cloud');
  await line.start();
  expect(station.stopped).toBeUndefined();
  await expect(line.as('lead', 'audit.compare', { code })).rejects.toMatchObject({ code: stopCode });
  expect(station.stopped).toMatchObject({ code: stopCode, details: { anchor: 'the code in the shift book' } });
  // A key that is called lost is no way around the two people who look at the anchor.
  await expect(line.agreed('security-officer', 'audit.beginOrigin', {})).rejects.toMatchObject({ code: stopCode });
  const { size, root } = station.knownElsewhere();
  expect(Buffer.from(root, 'base64')).toHaveLength(10);
  const made = await line.agreed('security-officer', 'audit.reconcile', { size, root });
  expect(noteIn(station.own)).toBe(made.note);
  // The page is still in the book.
  expect(await line.as('lead', 'audit.compare', { code })).toMatchObject({ verdict: 'left' });
  expect(await line.as('lead', 'audit.compare', { code: made.code })).toMatchObject({ verdict: 'same' });
});

test('with a locked HSM nothing is signed before its token was asked', async () => {
  const token = await makeSoftHsm('birthmark-locked');
  const { module, tokenLabel, environment } = token;
  let withPin = true;
  const hsm = () => hsms.pkcs11({ module, tokenLabel, environment, ...(withPin ? { pin: token.pin() } : {}) });
  const station = await Anchored.open({ hsm });
  const { line } = station;
  try {
    const yesterday = temporaryFolder();
    const before = await station.keep(yesterday);
    await line.start();
    await line.as('lead', 'audit.checkpoint', {});
    await line.stop();
    copyDatabase(yesterday, line.folder);
    line.emulator.switches.offline = true;
    await station.putBack(before, 'token');
    const heads = () => line.station.heads.newest()?.size;
    withPin = false;
    await line.startLocked();
    expect(station.stopped).toBeUndefined();
    const signed = heads();
    await line.station.call('hsm.unlock', { pin: token.pin().toString(), token: 'station' });
    await expect.poll(() => station.stopped).toMatchObject({ code: stopCode, details: { anchor: 'the token' } });
    expect(heads()).toBe(signed);
  } finally {
    withPin = true;
  }
});
