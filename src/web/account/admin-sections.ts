import type { DeskLink } from '../desk/shell.tsx';
import { t } from '../messages.ts';

/** The sections of the desk that are open to admins only. */
export const adminSections = (): DeskLink[] => [
  { href: '/desk/team', name: t('account.team') },
  { href: '/desk/api-keys', name: t('account.keys') },
];
