import type { ReactElement } from 'react';
import type { CertificateView } from '../../../station-core/contract/ca.ts';
import { useSay } from '../../say.ts';
import { Table } from '../../ui/table.tsx';

export type RowsProps = {
  readonly label: string;
  readonly rows: readonly CertificateView[];
  readonly open: number | undefined;
  readonly onOpen: (certificate: CertificateView) => void;
  readonly empty: string;
};

/** Certificates as a table: whose, how they stand, until when. */
export function Rows({ label, rows, open, onOpen, empty }: RowsProps): ReactElement {
  const { t, date } = useSay();
  return (
    <Table
      label={label}
      rows={rows}
      keyOf={({ id }) => id}
      open={open}
      onOpen={onOpen}
      rowsShown={8}
      empty={empty}
      columns={[
        {
          name: 'who',
          title: t('certificates.columns.who'),
          part: 3,
          cell: (one) => one.registrationId ?? t(`certificates.purposes.${one.purpose}`),
        },
        {
          name: 'state',
          title: t('certificates.columns.state'),
          part: 2,
          cell: ({ state }) => t(`certificates.states.${state}`),
        },
        { name: 'issuer', title: t('certificates.columns.issuer'), part: 2, cell: ({ issuer }) => issuer },
        { name: 'made', title: t('certificates.columns.made'), part: 1.5, cell: ({ intendedAt }) => date(intendedAt) },
        { name: 'ends', title: t('certificates.columns.ends'), part: 1.5, cell: ({ notAfter }) => date(notAfter) },
        { name: 'serial', title: t('certificates.columns.serial'), part: 3, cell: ({ serialNumber }) => serialNumber },
      ]}
    />
  );
}
