import { type ReactElement, useState } from 'react';
import type { CertificateView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { Detail, NoneChosen } from './detail.tsx';
import { Find } from './find.tsx';
import { Soon } from './soon.tsx';

/** Certificates of units: found, looked at, renewed, revoked; and those that end soon. */
export default function Certificates(): ReactElement {
  const { t } = useSay();
  const [open, setOpen] = useState<CertificateView>();
  /** Counts what was changed here, so that both lists are asked for again. */
  const [changes, setChanges] = useState(0);
  return (
    <>
      <h1>{t('certificates.title')}</h1>
      <Find anew={changes} open={open?.id} onOpen={setOpen} />
      {open ? (
        <Detail
          key={open.id}
          certificate={open}
          onChanged={(next) => {
            setOpen(next);
            setChanges((before) => before + 1);
          }}
        />
      ) : (
        <NoneChosen />
      )}
      <Soon anew={changes} open={open?.id} onOpen={setOpen} />
    </>
  );
}
