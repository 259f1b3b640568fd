import { type InputHTMLAttributes, type ReactElement, type ReactNode, useId } from 'react';
import styles from './field.module.css';

type About = {
  readonly label: string;
  /** What it is for, before somebody asks. */
  readonly means?: string | undefined;
  /** What is wrong with it, and what was expected. */
  readonly error?: string | undefined;
};

type Shell = About & { readonly children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode };

/** A label, what it labels, what it means, and what is wrong with it. The line for the error is always there. */
function Labelled({ label, means, error, children }: Shell): ReactElement {
  const id = useId();
  const told = [means ? `${id}-means` : '', error ? `${id}-error` : ''].filter((one) => one !== '').join(' ');
  return (
    <div className={styles.field} data-wrong={error !== undefined}>
      <label htmlFor={id}>{label}</label>
      {means && <p id={`${id}-means`}>{means}</p>}
      {children({ id, 'aria-describedby': told === '' ? undefined : told })}
      <p id={`${id}-error`} className={styles.error} aria-live="polite">
        {error}
      </p>
    </div>
  );
}

type TextProps = About & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'number' | 'search' | 'date' | 'time' | 'datetime-local';
  readonly rest?: Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'type' | 'style'>;
};

/** One line of text, a number, a time, or a PIN. */
export function TextField({ value, onChange, type = 'text', rest, ...about }: TextProps): ReactElement {
  return (
    <Labelled {...about}>
      {(ids) => (
        <input
          {...rest}
          {...ids}
          type={type}
          value={value}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={about.error !== undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

type AreaProps = About & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly maxLength?: number;
};

/** Text of many lines: PEM, JSON, a list that was pasted. */
export function TextArea({ value, onChange, rows = 6, maxLength, ...about }: AreaProps): ReactElement {
  return (
    <Labelled {...about}>
      {(ids) => (
        <textarea
          {...ids}
          rows={rows}
          maxLength={maxLength}
          value={value}
          spellCheck={false}
          aria-invalid={about.error !== undefined}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

type ChoiceProps<T extends string> = About & {
  readonly value: T;
  /** What can be chosen, with its word. */
  readonly choices: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
};

/** One of a few. */
export function Choice<T extends string>({ value, choices, onChange, ...about }: ChoiceProps<T>): ReactElement {
  return (
    <Labelled {...about}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
          {(Object.entries(choices) as [T, string][]).map(([name, word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

type TickProps = {
  readonly label: string;
  readonly means?: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
};

/** Yes or no. */
export function Tick({ label, means, value, onChange }: TickProps): ReactElement {
  const id = useId();
  return (
    <div className={styles.tick}>
      <input
        id={id}
        type="checkbox"
        checked={value}
        aria-describedby={means ? `${id}-means` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {means && <p id={`${id}-means`}>{means}</p>}
    </div>
  );
}
