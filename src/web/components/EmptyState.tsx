import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  text: string;
  /** 1 when the page has no other heading. */
  level?: 1 | 2;
  /** The first step. */
  children?: ComponentChildren;
}

/** Says what will be here, and offers the first step. */
export function EmptyState({ title, text, level = 2, children }: Props) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <section class="empty">
      <svg class="empty-mark" width="96" height="72" viewBox="0 0 96 72" aria-hidden="true">
        <path d="M8 62V34a10 10 0 0 1 20 0v28m10 0V34a10 10 0 0 1 20 0v28m10 0V34a10 10 0 0 1 20 0v28M2 66h92M2 18h92" />
      </svg>
      <Heading>{title}</Heading>
      <p>{text}</p>
      {children && <div class="actions">{children}</div>}
    </section>
  );
}
