import { type ReactElement, useState } from 'react';
import type { Result } from '../../../station-core/contract/api.ts';
import type { IssuerView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { useDo, useMay, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Save } from '../../ui/save.tsx';
import styles from './issuers.module.css';

type Props = { readonly issuer: IssuerView; readonly onChanged: () => void };

/** What can be taken away of an issuer, lists of what it revoked, and its end. */
export function Ends({ issuer, onChanged }: Props): ReactElement {
  const { t } = useSay();
  const may = useMay();
  const { name, state, chain, csr, crl } = issuer;
  return (
    <Panel title={t('issuers.ends.title')}>
      <div className={styles.buttons}>
        {chain !== '' && <Save word={t('issuers.ends.chain')} name={`${name}-chain.pem`} text={chain} />}
        <Save word={t('issuers.ends.request')} name={`${name}.csr`} text={csr} />
      </div>
      {state === 'destroyed' && (
        <p role="status">
          {t('issuers.ends.destroyed', { name })} {crl && t('issuers.ends.finalCrl', { number: crl.number })}
        </p>
      )}
      {state !== 'waiting' && <Crls issuer={issuer} onChanged={onChanged} />}
      {state !== 'destroyed' && may('ca.destroy') && <End issuer={issuer} onChanged={onChanged} />}
    </Panel>
  );
}

type Crl = Result<'ca.lastCrl'>;

const mostDays = 3_650;
const isDays = (text: string): boolean => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= mostDays;

/** Signs a list now, and gives the newest one again. */
function Crls({ issuer: { name, state, crl: known }, onChanged }: Props): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const may = useMay();
  const { busy, error, run } = useDo();
  const [days, setDays] = useState('30');
  const [crl, setCrl] = useState<Crl>();
  const [signed, setSigned] = useState(false);
  const sign = () =>
    run(async () => {
      setCrl(await act('ca.crl', { name, days: Number(days) }));
      setSigned(true);
      onChanged();
    });
  const fetch = () =>
    run(async () => {
      setCrl(await act('ca.lastCrl', { name }));
      setSigned(false);
    });
  return (
    <section className={styles.changing}>
      {state !== 'destroyed' && may('ca.crl') && (
        <>
          <TextField
            label={t('issuers.ends.crlDays')}
            value={days}
            onChange={setDays}
            rest={{ maxLength: 4, inputMode: 'numeric' }}
          />
          <Button busy={busy} disabled={!isDays(days)} onPress={sign}>
            {t('issuers.ends.crl')}
          </Button>
        </>
      )}
      {known && (
        <Button busy={busy} onPress={fetch}>
          {t('issuers.ends.lastCrl')}
        </Button>
      )}
      {error && <Problem error={error} />}
      {crl && (
        <div role="status">
          {signed && <p>{t('issuers.ends.crlSigned', { number: crl.number })}</p>}
          <Save word={`${name}-${crl.number}.crl.pem`} name={`${name}-${crl.number}.crl.pem`} text={crl.crl} />
        </div>
      )}
    </section>
  );
}

/** Retiring and destroying, each with what it means said before it is done. */
function End({ issuer, onChanged }: Props): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const [asked, setAsked] = useState<'retire' | 'destroy'>();
  const { name, state } = issuer;
  const retire = async () => {
    await act('ca.retire', { name });
    onChanged();
  };
  const destroy = async () => {
    await act('ca.destroy', { name });
    onChanged();
  };
  return (
    <div className={styles.buttons}>
      {state === 'active' && <Button onPress={() => setAsked('retire')}>{t('issuers.ends.retire')}</Button>}
      <Button kind="danger" onPress={() => setAsked('destroy')}>
        {t('issuers.ends.destroy')}
      </Button>
      {asked === 'retire' && (
        <Confirm
          title={t('issuers.ends.retireTitle', { name })}
          word={t('issuers.ends.retire')}
          onConfirm={retire}
          onClose={() => setAsked(undefined)}
        >
          <p>{t('issuers.ends.retireMeans')}</p>
        </Confirm>
      )}
      {asked === 'destroy' && (
        <Confirm
          title={t('issuers.ends.destroyTitle', { name })}
          word={t('issuers.ends.destroy')}
          typed={{ label: t('issuers.ends.typed', { name }), text: name }}
          onConfirm={destroy}
          onClose={() => setAsked(undefined)}
        >
          <p>{t(state === 'waiting' ? 'issuers.ends.destroyBare' : 'issuers.ends.destroyMeans')}</p>
        </Confirm>
      )}
    </div>
  );
}
