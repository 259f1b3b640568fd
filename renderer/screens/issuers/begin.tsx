import { type ReactElement, useState } from 'react';
import type { CertificateKeyAlgorithm } from '../../../station-core/contract/profile.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './issuers.module.css';
import { beginOf, emptyForm, type Form, wrongIn } from './request-form.ts';

const algorithms: Readonly<Record<CertificateKeyAlgorithm, string>> = {
  p256: 'ECC P-256',
  p384: 'ECC P-384',
  rsa2048: 'RSA 2048',
  rsa3072: 'RSA 3072',
  rsa4096: 'RSA 4096',
};

type BeginProps = { readonly onClose: () => void; readonly onBegun: (name: string) => void };

/** Asks for what the intermediate is to be called, and has two custodians make its key. */
export function Begin({ onClose, onBegun }: BeginProps): ReactElement {
  const { act } = useStation();
  const { t } = useSay();
  const { busy, error, run } = useDo();
  const [form, setForm] = useState(emptyForm);
  const wrong = wrongIn(form);
  const submit = () =>
    run(async () => {
      const { name } = await act('ca.begin', beginOf(form));
      onBegun(name);
      onClose();
    });
  const buttons = (
    <>
      <Button onPress={onClose}>{t('frame.second.cancel')}</Button>
      <Button kind="main" busy={busy} disabled={wrong.size > 0} onPress={submit}>
        {t('issuers.begin.submit')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('issuers.begin.title')} buttons={buttons} onClose={onClose}>
      <p>{t('issuers.begin.about')}</p>
      <Fields form={form} onChange={setForm} />
      {error && <Problem error={error} />}
    </Dialog>
  );
}

/** The fields of text, in their order, with what is said of each. */
const texts = [
  {
    field: 'name',
    label: 'issuers.begin.name',
    means: 'issuers.begin.nameMeans',
    wrong: 'issuers.begin.nameWrong',
    longest: 64,
  },
  {
    field: 'CN',
    label: 'issuers.begin.commonName',
    means: 'issuers.begin.commonNameMeans',
    wrong: 'issuers.begin.commonNameWrong',
    longest: 64,
  },
  { field: 'O', label: 'issuers.begin.organisation', longest: 64 },
  { field: 'OU', label: 'issuers.begin.unit', longest: 64 },
  { field: 'C', label: 'issuers.begin.country', wrong: 'issuers.begin.countryWrong', longest: 2 },
  {
    field: 'quota',
    label: 'issuers.quota.label',
    means: 'issuers.quota.means',
    wrong: 'issuers.quota.wrong',
    longest: 9,
  },
] as const;

/** What is asked for; a field is told to be wrong once somebody has written in it. */
function Fields({ form, onChange }: { form: Form; onChange: (form: Form) => void }): ReactElement {
  const { t } = useSay();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const wrongs: ReadonlySet<string> = wrongIn(form);
  const put = (field: keyof Form, value: string) => {
    onChange({ ...form, [field]: value });
    setTouched((before) => new Set([...before, field]));
  };
  return (
    <div className={styles.pairs}>
      {texts.map((text) => (
        <TextField
          key={text.field}
          label={t(text.label)}
          means={'means' in text ? t(text.means) : undefined}
          value={form[text.field]}
          onChange={(value) => put(text.field, value)}
          error={'wrong' in text && touched.has(text.field) && wrongs.has(text.field) ? t(text.wrong) : undefined}
          rest={{ maxLength: text.longest }}
        />
      ))}
      <Choice
        label={t('issuers.begin.algorithm')}
        value={form.algorithm}
        choices={algorithms}
        onChange={(algorithm) => put('algorithm', algorithm)}
      />
    </div>
  );
}
