import type { ComponentChildren } from 'preact';

interface Props {
  kind?: 'info' | 'success' | 'warning' | 'error';
  title?: string;
  children: ComponentChildren;
}

/** Something to know. An error is read out at once, the rest when the reader pauses. */
export function Notice({ kind = 'info', title, children }: Props) {
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      {title && <strong>{title}</strong>}
      <div>{children}</div>
    </div>
  );
}
