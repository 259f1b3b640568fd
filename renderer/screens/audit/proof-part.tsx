import { type ReactElement, useEffect, useState } from 'react';
import type { EntryView } from '../../../station-core/contract/audit-search.ts';
import { asStationError, type ErrorData } from '../../../station-core/contract/errors.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './audit.module.css';
import { fillOf, Mark } from './mark.tsx';
import { type Proof, prove } from './proof.ts';
import { ProofPicture } from './proof-picture.tsx';

/** The mark that each end is drawn with. */
const looks = { verified: 'holds', unsealed: 'aborted', broken: 'failed' } as const;

/** What the page found of an entry's proof, in words. */
export function ProofVerdict({ proving, onSealed }: { proving: Proving; onSealed: () => void }): ReactElement {
  const { t } = useSay();
  const { act } = useStation();
  const { busy, error: refused, run } = useDo();
  const { proof, error } = proving;
  if (error) return <Problem error={error} />;
  if (!proof) return <p role="status">{t('audit.proof.checking')}</p>;
  const seal = () =>
    run(async () => {
      await act('audit.checkpoint', {});
      onSealed();
    });
  return (
    <>
      <div className={styles.standing} data-look={fillOf[looks[proof.is]]} data-proof={proof.is} role="status">
        <Mark look={looks[proof.is]} />
        <div>
          <p>{said(proof, t)}</p>
          {proof.is === 'broken' && <p>{t('audit.proof.brokenDo')}</p>}
        </div>
      </div>
      {proof.is === 'unsealed' && (
        <div>
          <Button busy={busy} onPress={seal}>
            {t('audit.trail.sign')}
          </Button>
        </div>
      )}
      {refused && <Problem error={refused} />}
    </>
  );
}

function said(proof: Proof, t: ReturnType<typeof useSay>['t']): string {
  switch (proof.is) {
    case 'verified':
      return t('audit.proof.verified', { steps: proof.steps.length, size: proof.head.size });
    case 'unsealed':
      return t('audit.proof.unsealed');
    case 'broken':
      return t(`audit.proof.broken.${proof.what}`);
  }
}

/** What it was found by: hashes, the way to the root, and the signed head. */
export function ProofEvidence({ proof }: { proof: Extract<Proof, { is: 'verified' }> }): ReactElement {
  const { t } = useSay();
  const { leaf, head } = proof;
  const code = (text: string) => <span className={styles.code}>{text}</span>;
  return (
    <>
      <h3>{t('audit.proof.title')}</h3>
      <Facts
        facts={[
          [t('audit.proof.leaf'), code(leaf)],
          [t('audit.proof.root'), code(head.root)],
          [t('audit.proof.key'), code(head.fingerprint)],
        ]}
      />
      <p className={styles.note}>{t('audit.proof.compareKey')}</p>
      <ProofPicture proof={proof} />
      <h3>{t('audit.proof.head')}</h3>
      <pre className={styles.raw}>{head.note}</pre>
    </>
  );
}

export type Proving = { readonly proof?: Proof; readonly error?: ErrorData };

/** The proof of this entry, once it is computed; a browser without WebCrypto says so. */
export function useProof(entry: EntryView): Proving {
  const [proving, setProving] = useState<Proving>({});
  useEffect(() => {
    let stale = false;
    const set = (done: Proving) => {
      if (!stale) setProving(done);
    };
    setProving({});
    prove(entry).then(
      (proof) => set({ proof }),
      (thrown: unknown) => set({ error: asStationError(thrown, () => 'screen').toData() }),
    );
    return () => {
      stale = true;
    };
  }, [entry]);
  return proving;
}
