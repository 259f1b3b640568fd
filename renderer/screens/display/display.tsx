import { type ReactElement, useState, useSyncExternalStore } from 'react';
import { type Measures, pixelsPerMm, themes } from '../../preferences.ts';
import { languages, useSay } from '../../say.ts';
import { useDo, useStation } from '../../station.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField, Tick } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './display.module.css';
import { Kiosk } from './kiosk.tsx';

/** Colours, language, sounds and sizes of this computer's screen. */
export default function Display(): ReactElement {
  const { preferences, act } = useStation();
  const { t } = useSay();
  const { theme, language, sound, soundPass } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const { error, run } = useDo();
  /** The screen speaks it at once, and to this person wherever they sign in. */
  const speak = (chosen: typeof language) => {
    preferences.change({ language: chosen });
    run(async () => {
      await act('operators.prefer', { language: chosen });
    });
  };
  const words = Object.fromEntries(themes.map((one) => [one, t(`display.themes.${one}`)]));
  return (
    <>
      <h1>{t('display.title')}</h1>
      <p className={styles.about}>{t('display.about')}</p>
      <div className={styles.panels}>
        <Panel title={t('display.theme')}>
          <Choice
            label={t('display.theme')}
            value={theme}
            choices={words as Record<typeof theme, string>}
            onChange={(chosen) => preferences.change({ theme: chosen })}
          />
          <Choice label={t('display.language')} value={language} choices={languages} onChange={speak} />
          {error && <Problem error={error} />}
        </Panel>
        <Panel title={t('display.sound')}>
          <Tick
            label={t('display.sound')}
            means={t('display.soundMeans')}
            value={sound}
            onChange={(on) => preferences.change({ sound: on })}
          />
          <Tick
            label={t('display.soundPass')}
            value={soundPass}
            onChange={(on) => preferences.change({ soundPass: on })}
          />
        </Panel>
        <Sizes />
        <Kiosk />
      </div>
    </>
  );
}

/** The sample line that people measure, in millimetres. */
const sampleMm = 50;

/** Diagonal and distance, from which text gets its size; a line to measure shows whether the diagonal is right. */
function Sizes(): ReactElement {
  const { preferences } = useStation();
  const { t } = useSay();
  const { measures } = useSyncExternalStore(preferences.subscribe, preferences.get);
  const [diagonal, setDiagonal] = useState(String(measures?.diagonal ?? ''));
  const [distance, setDistance] = useState(String(measures?.distance ?? ''));
  const take = (part: { diagonal?: string; distance?: string }) => {
    const given = { diagonal, distance, ...part };
    setDiagonal(given.diagonal);
    setDistance(given.distance);
    preferences.change({ measures: measuresOf(Number(given.diagonal), Number(given.distance)) });
  };
  return (
    <Panel
      title={t('display.sizes')}
      buttons={<Button onPress={() => take({ diagonal: '', distance: '' })}>{t('display.clear')}</Button>}
    >
      <p>{measures ? t('display.sizesMean') : t('display.asItComes')}</p>
      <TextField
        label={t('display.diagonal')}
        type="number"
        value={diagonal}
        onChange={(value) => take({ diagonal: value })}
        rest={{ min: 5, max: 120, step: 0.1 }}
      />
      <TextField
        label={t('display.distance')}
        type="number"
        value={distance}
        onChange={(value) => take({ distance: value })}
        rest={{ min: 0.3, max: 5, step: 0.1 }}
      />
      {measures && <Sample {...measures} />}
    </Panel>
  );
}

function Sample({ diagonal }: Measures): ReactElement {
  const { t } = useSay();
  const height = sampleMm * pixelsPerMm(diagonal, window.screen.width, window.screen.height);
  return (
    <p className={styles.sample}>
      <svg width="12" height={height} aria-hidden="true">
        <rect width="12" height={height} fill="currentColor" />
      </svg>
      {t('display.sample', { mm: String(sampleMm) })}
    </p>
  );
}

/** Both or nothing: what a screen cannot be is not taken. */
function measuresOf(diagonal: number, distance: number): Measures | undefined {
  const fits = diagonal >= 5 && diagonal <= 120 && distance >= 0.3 && distance <= 5;
  return fits ? { diagonal, distance } : undefined;
}
