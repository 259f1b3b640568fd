import { expect, test } from 'vitest';
import { api, type Method } from '../../station-core/contract/api.ts';
import { ruleOf } from '../../station-core/contract/roles.ts';
import { people } from '../../station-core/practice.ts';
import { callParams } from '../suites/call-params.ts';
import { onBothHosts } from './hosts.ts';
import { callFromPage, sessionOf } from './page-port.ts';

// What a page may ask for is the station's to say, whatever its screens offer: every call that a role may not make is refused.

const methods = Object.keys(api) as Method[];

onBothHosts('calls that a role may not make', { lanes: 1 }, (opened) => {
  test.each(people)('the station refuses every one that a $role may not make', async ({ name, pin, role }) => {
    const { page } = opened();
    // A first start beside other tests takes its time.
    await page.locator('[data-lane="1"]').waitFor({ timeout: 90_000 });
    const forbidden = methods.filter((method) => {
      const { who } = ruleOf(method);
      return who !== 'anyone' && !who.includes(role);
    });
    expect(forbidden.length).toBeGreaterThan(5);
    const session = await sessionOf(page, name, pin);
    const answers = await callFromPage(
      page,
      forbidden.map((call) => ({ call, params: callParams[call], session })),
    );
    const codes = answers.map(({ error }, index) => [forbidden[index], error?.code]);
    expect(codes).toEqual(forbidden.map((call) => [call, 'person.not-allowed']));
  });

  test('without a session the station refuses every call but those for anyone', async () => {
    const { page } = opened();
    const asked = methods.filter((method) => ruleOf(method).who !== 'anyone');
    const answers = await callFromPage(
      page,
      asked.map((call) => ({ call, params: callParams[call] })),
    );
    expect(new Set(answers.map(({ error }) => error?.code))).toEqual(new Set(['person.not-signed-in']));
  });

  test('an approval that was given for one operation is refused for another, and the right one needs two people', async () => {
    const { page } = opened();
    const [lead, officer] = [await sessionOf(page, 'Lee Lead', '2222'), await sessionOf(page, 'Sol Security', '3333')];
    const params = { name: 'Nia New', role: 'technician' };
    const approved = { call: 'approvals.approve', params: { method: 'operators.add', params } };
    const [given] = await callFromPage(page, [{ ...approved, session: officer }]);
    const { approval } = (given?.result ?? {}) as { approval?: string };
    const add = (session: string, more: object = {}) =>
      callFromPage(page, [
        { call: 'operators.add', params: { ...params, ...more }, session, approval: approval ?? '' },
      ]);
    expect((await add(lead, { role: 'lead' }))[0]?.error?.code).toBe('person.approval-wrong');
    expect((await add(officer))[0]?.error?.code).toBe('person.approval-wrong');
    expect((await add(lead))[0]?.result).toMatchObject(params);
    expect((await add(lead, { name: 'Ned New' }))[0]?.error?.code).toBe('person.approval-wrong');
  });
});
