import type { ReactElement } from 'react';
import type { ErrorCode } from '../../../station-core/contract/errors.ts';
import { useSay } from '../../say.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CodePage } from './code-page.tsx';
import { usePages } from './use-pages.ts';

/** The page of a code over whatever is open: what somebody was filling in is there when they are back. */
export default function CodeDialog({ code, onClose }: { code: ErrorCode; onClose: () => void }): ReactElement {
  const { t } = useSay();
  const fetched = usePages();
  return (
    <Dialog
      title={t('help.of', { code })}
      onClose={onClose}
      buttons={<Button onPress={onClose}>{t('frame.close')}</Button>}
    >
      {fetched.state === 'here' ? (
        <CodePage code={code} page={fetched.pages[code]} links={false} />
      ) : (
        <p role="status">{t(`help.${fetched.state}`)}</p>
      )}
    </Dialog>
  );
}
