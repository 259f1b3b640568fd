import { expect, test } from 'vitest';
import {
  endOf,
  isFiller,
  readImei,
  readKeygen,
  readListed,
  readMode,
  readPlain,
  readUuid,
  reasonOf,
} from '../../../../drivers/protocols/at-modem-answers.ts';

const tag = 16_842_753;
const digest = '2C43952EE9E000FF2ACC4E2ED0897C0A72AD5FA72C3D934E81741CBD54F05BD1';

test('final result codes are known from all that a certificate request or an unasked line may hold', () => {
  expect(endOf('OK')).toEqual({ kind: 'ok' });
  expect(endOf('ERROR')).toEqual({ kind: 'refused' });
  expect(endOf('+CME ERROR: 518')).toEqual({ kind: 'refused', code: 518 });
  for (const line of ['OKAY', 'AOK', '%KEYGEN: "OK"', '+CEREG: 0', '+CME ERROR: SIM not inserted', '']) {
    expect(endOf(line)).toBeUndefined();
  }
  expect(reasonOf({ kind: 'refused', code: 518 })).toBe('its radio is in use');
  expect(reasonOf({ kind: 'refused', code: 4711 })).toBe('error 4711');
});

test('a listing is read by tag and type, and what is damaged is no entry that is missing', () => {
  expect(readListed(`%CMNG: ${tag},1,"${digest}"`, tag)).toEqual({ certificate: digest.toLowerCase() });
  expect(readListed(`%CMNG: ${tag},2,"${digest}"`, tag)).toEqual({ key: digest.toLowerCase() });
  expect(readListed(`%CMNG: ${tag},4,"${digest}"`, tag)).toEqual({});
  expect(readListed(`%CMNG: 1,1,"${digest}"`, tag)).toEqual({});
  expect(readListed(`%CMNG: ${tag},1,"${digest.slice(1)}"`, tag)).toBeUndefined();
  expect(readListed(`%CMNG: ${tag},1`, tag)).toBeUndefined();
  expect([isFiller('02'.repeat(32)), isFiller(digest)]).toEqual([true, false]);
});

test('an IMEI has its check digit, a UUID its form, a mode its number', () => {
  expect(readImei('+CGSN: "352656100367872"')).toBe('352656100367872');
  expect(readImei('+CGSN: "352656100367827"')).toBeUndefined();
  expect(readImei('352656100367872')).toBeUndefined();
  expect(readUuid('%DEVICEUUID: 504D5632-3739-42fb-80c8-1411df972166')).toBe('504d5632-3739-42fb-80c8-1411df972166');
  expect(readUuid('%DEVICEUUID: 504d5632-3739-42fb-80c8')).toBeUndefined();
  expect([readMode('+CFUN: 21'), readMode('+CFUN: x')]).toEqual([21, undefined]);
});

test('a request is the first half of what %KEYGEN answers; plain answers have no name in front', () => {
  expect(readKeygen('%KEYGEN: "MAA.0oRD"')).toEqual(Buffer.of(0x30, 0));
  expect(readKeygen('%KEYGEN: "MAA"')).toBeUndefined();
  expect(readPlain('mfw_nrf91x1_2.0.2')).toBe('mfw_nrf91x1_2.0.2');
  for (const line of ['+CEREG: 0', '%XTIME: 1', '*** Booting ***', 'AT+CGMR']) expect(readPlain(line)).toBeUndefined();
});
