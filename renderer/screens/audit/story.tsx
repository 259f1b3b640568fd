import { type ReactElement, useState } from 'react';
import type { UnitStory } from '../../../station-core/contract/unit-story.ts';
import { useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './audit.module.css';
import { Entry } from './entry.tsx';
import { Certificates, Credentials, InCloud, Runs } from './story-parts.tsx';

/** One unit's whole life, by its serial. */
export function Story(): ReactElement {
  const { t } = useSay();
  const { client } = useStation();
  const { busy, error, run } = useDo();
  const [serial, setSerial] = useState('');
  const [stories, setStories] = useState<readonly UnitStory[]>([]);
  const show = () =>
    run(async () => {
      setStories([]);
      setStories(await client.call('unit.story', { serial: serial.trim() }));
    });
  return (
    <>
      <Panel title={t('audit.story.title')}>
        <p>{t('audit.story.about')}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (serial.trim() !== '') show();
          }}
        >
          <TextField label={t('audit.story.serial')} value={serial} onChange={setSerial} rest={{ maxLength: 128 }} />
          <Button kind="main" busy={busy} disabled={serial.trim() === ''} onPress={show}>
            {t('audit.story.show')}
          </Button>
        </form>
        {error && <Problem error={error} />}
      </Panel>
      {stories.map((story) => (
        <Life key={story.order} story={story} />
      ))}
    </>
  );
}

function Life({ story }: { story: UnitStory }): ReactElement {
  const { t, dateTime } = useSay();
  const { serial, order, recipe, state, finishedAt, shippedAt, scrappedAt, registrationId, mac } = story;
  const time = (at: string | undefined) => (at === undefined ? undefined : dateTime(at));
  return (
    <Panel title={`${serial} · ${order}`}>
      <Facts
        facts={[
          [t('audit.story.state'), t(`audit.story.states.${state}`)],
          [t('audit.story.recipe'), recipe],
          [t('audit.story.registrationId'), registrationId],
          [t('audit.story.mac'), mac],
          [t('audit.story.finishedAt'), time(finishedAt)],
          [t('audit.story.shippedAt'), time(shippedAt)],
          [t('audit.story.scrappedAt'), time(scrappedAt)],
        ]}
      />
      <Runs runs={story.runs} />
      <Credentials credentials={story.credentials} />
      <Certificates certificates={story.certificates} />
      <InCloud rows={story.cloud} />
      <Entries entries={story.entries} />
    </Panel>
  );
}

/** Each number opens its entry. */
function Entries({ entries }: { entries: readonly number[] }): ReactElement {
  const { t, number } = useSay();
  const [open, setOpen] = useState<number>();
  return (
    <>
      <h3>{t('audit.story.entries')}</h3>
      <div className={styles.buttons}>
        {entries.map((seq) => (
          <Button key={seq} label={t('audit.entry.title', { seq })} onPress={() => setOpen(seq)}>
            {number(seq)}
          </Button>
        ))}
      </div>
      {open !== undefined && <Entry seq={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}
