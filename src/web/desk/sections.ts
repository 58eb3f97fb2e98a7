import { type Access, mayEnter, PERSONAL_READERS, type Viewer } from '#platform/access.ts';
import { MODERATORS, RULE_SETTERS } from '#modules/safety/index.ts';
import { LETTER_ANSWERERS } from '#modules/satisfaction/index.ts';
import { t } from '../messages.ts';

/** Who may see whose a sale is, and who may change it: as the API's routes say. */
export const CREDIT_READERS = ['staff:merchant', 'staff:operations'] satisfies Access;
export const CREDIT_WRITERS = 'staff:operations' satisfies Access;

/** Who sees what the drawers hold, and who changes registers: operations answer for the stores. */
export const REGISTER_READERS = ['staff:operations', 'staff:merchant'] satisfies Access;
export const REGISTER_WRITERS = 'staff:operations' satisfies Access;

/** The groups of the desk's navigation, in their order. */
const GROUPS = ['market', 'sell', 'goods', 'send', 'return', 'people', 'settings'] as const;
type Group = (typeof GROUPS)[number];

interface Section {
  group: Group;
  href: string;
  name: string;
  access: Access;
}

/** The sections of the desk, each with its group and who may open it: what its route says, too. */
const sections = (): Section[] => [
  { group: 'market', href: '/desk', name: t('desk.home'), access: 'staff' },
  { group: 'market', href: '/desk/market', name: t('desk.market'), access: 'staff' },
  { group: 'market', href: '/desk/guidance', name: t('desk.guidance'), access: 'staff' },
  { group: 'market', href: '/desk/experiments', name: t('desk.experiments'), access: 'staff' },
  { group: 'market', href: '/desk/marketing', name: t('desk.marketing'), access: CREDIT_READERS },
  { group: 'market', href: '/desk/credits', name: t('desk.credits'), access: CREDIT_READERS },
  { group: 'market', href: '/desk/territories', name: t('desk.territories'), access: CREDIT_READERS },
  { group: 'market', href: '/desk/regions', name: t('desk.regions'), access: CREDIT_READERS },
  { group: 'sell', href: '/desk/orders', name: t('desk.all_orders'), access: 'staff' },
  { group: 'sell', href: '/desk/registers', name: t('desk.registers'), access: REGISTER_READERS },
  { group: 'sell', href: '/desk/prices', name: t('desk.prices'), access: 'staff:merchant' },
  { group: 'sell', href: '/desk/promotions', name: t('desk.promotions'), access: 'staff' },
  { group: 'sell', href: '/desk/gift-cards', name: t('desk.gift_cards'), access: PERSONAL_READERS },
  { group: 'sell', href: '/desk/store-credit', name: t('desk.store_credit'), access: PERSONAL_READERS },
  { group: 'sell', href: '/desk/taxes', name: t('desk.taxes'), access: 'staff' },
  { group: 'sell', href: '/desk/payment-fees', name: t('desk.payment_fees'), access: CREDIT_READERS },
  { group: 'goods', href: '/desk/stock', name: t('desk.stock'), access: 'staff' },
  { group: 'send', href: '/desk/fulfilment', name: t('desk.fulfilment'), access: 'staff' },
  { group: 'send', href: '/desk/routing', name: t('desk.routing'), access: 'staff' },
  { group: 'send', href: '/desk/delivery', name: t('desk.delivery'), access: 'staff' },
  { group: 'send', href: '/desk/serve-rates', name: t('desk.serve_rates'), access: CREDIT_READERS },
  { group: 'send', href: '/desk/service', name: t('desk.service'), access: 'staff' },
  { group: 'return', href: '/desk/returns', name: t('desk.returns'), access: 'staff' },
  { group: 'return', href: '/desk/returns/rules', name: t('desk.return_rules'), access: 'staff' },
  { group: 'return', href: '/desk/refunds', name: t('desk.refunds'), access: PERSONAL_READERS },
  { group: 'people', href: '/desk/customers', name: t('desk.customers'), access: PERSONAL_READERS },
  { group: 'people', href: '/desk/retention', name: t('desk.retention'), access: 'staff' },
  { group: 'people', href: '/desk/letters', name: t('desk.letters'), access: LETTER_ANSWERERS },
  { group: 'people', href: '/desk/satisfaction', name: t('desk.satisfaction'), access: 'staff' },
  { group: 'people', href: '/desk/reviews', name: t('desk.reviews'), access: 'staff' },
  { group: 'people', href: '/desk/makers', name: t('desk.makers'), access: 'staff' },
  { group: 'people', href: '/desk/organizations', name: t('desk.organizations'), access: 'staff' },
  { group: 'people', href: '/desk/moderation', name: t('desk.moderation'), access: MODERATORS },
  { group: 'people', href: '/desk/legal', name: t('desk.legal'), access: RULE_SETTERS },
  { group: 'settings', href: '/desk/exports', name: t('desk.exports'), access: 'staff' },
  { group: 'settings', href: '/desk/team', name: t('account.team'), access: 'staff:admin' },
  { group: 'settings', href: '/desk/api-keys', name: t('account.keys'), access: 'staff:admin' },
  { group: 'settings', href: '/desk/webhooks', name: t('desk.webhooks'), access: 'staff:admin' },
  { group: 'settings', href: '/desk/collector', name: t('desk.collector'), access: 'staff:admin' },
  { group: 'settings', href: '/desk/quality', name: t('desk.quality'), access: 'staff:admin' },
  { group: 'settings', href: '/desk/audit', name: t('desk.audit'), access: 'staff:admin' },
];

/** What the viewer may open, by group; a group of which they may open nothing is left out. */
export function groupsFor(viewer: Viewer): { group: Group; sections: Section[] }[] {
  const open = sections().filter(({ access }) => mayEnter(viewer, access));
  return GROUPS.map((group) => ({ group, sections: open.filter((each) => each.group === group) })).filter(
    (each) => each.sections.length > 0,
  );
}
