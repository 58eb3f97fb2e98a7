import { renderedOnce } from '../rendered.tsx';

const PATHS = {
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm4.7 11.2L20 20',
  bag: 'M5 8h14l-1 12H6L5 8Zm4 0V6.5a3 3 0 0 1 6 0V8',
  person: 'M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5ZM4.5 20c.6-3.8 3.5-6 7.5-6s6.9 2.2 7.5 6',
  bell: 'M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5L6 17Zm4.2 2.5a1.9 1.9 0 0 0 3.6 0',
  heart: 'M12 20S4 15 4 9.2A4.2 4.2 0 0 1 12 7.4a4.2 4.2 0 0 1 8 1.8C20 15 12 20 12 20Z',
  close: 'm6 6 12 12M18 6 6 18',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  arrow: 'M5 12h14m-5-5 5 5-5 5',
  half: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 0v16m0-12.5 5.6-.9M12 12l8-.6M12 16.5l6-.6',
  store: 'M4 20h16M5 20v-9m14 9v-9M3.5 11 6 5h12l2.5 6h-17ZM10 20v-5h4v5',
  truck:
    'M3 6.5h11v10H3zm11 3.5h4l3 3.2v3.3h-7M7 19.2a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Zm10 0a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  back: 'M4 9h10a5 5 0 0 1 0 10H9M8 5 4 9l4 4',
  filter: 'M4 7h16M7 12h10m-7 5h4',
} as const;

/** Decoration: the words beside it say what it means. */
export const Icon = renderedOnce(({ name, size = 20 }: { name: keyof typeof PATHS; size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
));

/** The mark: a small colonnade in warm light. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        fill-rule="evenodd"
        d="M2 4h28v3H2zM3 9h26v19H3zM5.9 28V17.4a2.4 2.4 0 0 1 4.8 0V28zm7.7 0V17.4a2.4 2.4 0 0 1 4.8 0V28zm7.7 0V17.4a2.4 2.4 0 0 1 4.8 0V28z"
      />
    </svg>
  );
}
