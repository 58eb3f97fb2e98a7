import { type Access, mayEnter, type Viewer } from '#platform/access.ts';
import { t } from '../messages.ts';

/** Who may see whose a sale is, and who may change it: as the API's routes say. */
export const CREDIT_READERS = ['staff:merchant', 'staff:operations'] satisfies Access;
export const CREDIT_WRITERS = 'staff:operations' satisfies Access;

interface Section {
  href: string;
  name: string;
  access: Access;
}

/** The sections of the desk, each with who may open it: what its route says, too. */
const sections = (): Section[] => [
  { href: '/desk', name: t('desk.home'), access: 'staff' },
  { href: '/desk/market', name: t('desk.market'), access: 'staff' },
  { href: '/desk/orders', name: t('desk.all_orders'), access: 'staff' },
  { href: '/desk/stock', name: t('desk.stock'), access: 'staff' },
  { href: '/desk/fulfilment', name: t('desk.fulfilment'), access: 'staff' },
  { href: '/desk/returns', name: t('desk.returns'), access: 'staff' },
  { href: '/desk/service', name: t('desk.service'), access: 'staff' },
  { href: '/desk/routing', name: t('desk.routing'), access: 'staff' },
  { href: '/desk/promotions', name: t('desk.promotions'), access: 'staff' },
  { href: '/desk/taxes', name: t('desk.taxes'), access: 'staff' },
  { href: '/desk/delivery', name: t('desk.delivery'), access: 'staff' },
  { href: '/desk/credits', name: t('desk.credits'), access: CREDIT_READERS },
  { href: '/desk/territories', name: t('desk.territories'), access: CREDIT_READERS },
  { href: '/desk/regions', name: t('desk.regions'), access: CREDIT_READERS },
  { href: '/desk/team', name: t('account.team'), access: 'staff:admin' },
  { href: '/desk/api-keys', name: t('account.keys'), access: 'staff:admin' },
  { href: '/desk/webhooks', name: t('desk.webhooks'), access: 'staff:admin' },
  { href: '/desk/audit', name: t('desk.audit'), access: 'staff:admin' },
];

export const sectionsFor = (viewer: Viewer): Section[] =>
  sections().filter(({ access }) => mayEnter(viewer, access));
