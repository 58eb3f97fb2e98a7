import { renderedOnce } from '../rendered.tsx';

const PATHS = {
  heart: 'M12 19.5S4.5 15 4.5 9.6A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7.5 1.6c0 5.4-7.5 9.9-7.5 9.9Z',
  clap: 'm7 13-2.5-2.5a1.2 1.2 0 0 1 1.7-1.7L10 12.500 6.700 9.200a1.2 1.2 0 0 1 1.700-1.700l4.100 4.100-.500-3.300a1.300 1.300 0 0 1 2.500-.600l1.700 4.800a5.500 5.500 0 0 1-9 5.800L7 13ZM15.500 4v2M19 5.500 17.600 7M20.500 9h-2',
  wow: 'm12 4 2.300 5 5.400.600-4 3.700 1.100 5.400L12 16l-4.800 2.700 1.100-5.400-4-3.700 5.400-.600L12 4Z',
  idea: 'M9.500 17.500h5M10.500 20h3M12 4a5.500 5.500 0 0 0-3 10.100c.400.300.500.700.500 1.200h5c0-.500.100-.900.500-1.200A5.500 5.500 0 0 0 12 4Z',
} as const;

/** Decoration: the word beside it says what it means. */
export const ReactionMark = renderedOnce(({ kind }: { kind: keyof typeof PATHS }) => (
  <svg class="icon" width={20} height={20} viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[kind]} />
  </svg>
));
