import { t } from '../messages.ts';
import type { DeskLink } from './shell.tsx';

/** The sections of the desk that are open to all staff. */
export const deskSections = (): DeskLink[] => [
  { href: '/desk', name: t('desk.home') },
  { href: '/desk/market', name: t('desk.market') },
];
