import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '#modules/identity/index.ts';
import { businessDayAt, shiftDay } from '#modules/insight/index.ts';
import { locations } from '#modules/inventory/index.ts';
import {
  changeSettings,
  firstContacts,
  latestRemarks,
  OCCASIONS,
  REMARK_READERS,
  SATISFACTION_SETTERS,
  satisfactionBy,
  satisfactionConsistency,
  satisfactionRules,
  satisfactionSettings,
  setRule,
} from '#modules/satisfaction/index.ts';
import { mayEnter } from '#platform/access.ts';
import { inTransaction } from '#platform/db.ts';
import type { Deps } from '#platform/module.ts';
import { exactly } from '#platform/schema.ts';
import { page, sendOn, Text } from '../page.ts';
import { ruleIn, type SatisfactionView, SatisfactionPage, settingsIn } from './satisfaction-view.tsx';

const PATH = '/desk/satisfaction';
const PERIODS = [28, 90, 365] as const;
const REMARKS_SHOWN = 20;
const DAYS_SHOWN = 28;
const KEYS = ['occasion', 'touchpoint', 'region', 'store'] as const;

const RuleBody = exactly({
  occasion: Type.Enum([...OCCASIONS]),
  scale: Text(4),
  hours: Text(6),
  percent: Text(4),
});
const SettingsBody = exactly({ rest: Text(4), open: Text(4), changes: Text(4) });

/** How it went, by who was there; and what is asked when. */
export const satisfactionPages: FastifyPluginAsyncTypebox<Deps> = async (app, deps) => {
  const { db } = deps;
  const show = async (
    reply: FastifyReply,
    view: SatisfactionView,
    { maySet, isFaulty }: { maySet: boolean; isFaulty: boolean },
  ) =>
    reply.page((about) => <SatisfactionPage page={about} view={view} maySet={maySet} isFaulty={isFaulty} />);

  const querystring = Type.Object({ days: Text(4), occasion: Text(20) });
  app.get(PATH, page('staff', { querystring }), async ({ viewer, query }, reply) => {
    const view = await readView(deps, query, mayEnter(viewer, REMARK_READERS));
    return show(reply, view, { maySet: mayEnter(viewer, SATISFACTION_SETTERS), isFaulty: false });
  });

  const refuse = async (reply: FastifyReply) =>
    show(reply.code(422), await readView(deps, {}, true), { maySet: true, isFaulty: true });

  app.post(
    `${PATH}/rules`,
    page(SATISFACTION_SETTERS, { body: RuleBody }),
    async ({ viewer, body }, reply) => {
      const rule = ruleIn(body);
      if (!rule) return refuse(reply);
      await inTransaction(db, (tx) => setRule(tx, actorOf(viewer), rule));
      return sendOn(reply, PATH, 'desk.satisfaction.saved');
    },
  );

  app.post(
    `${PATH}/settings`,
    page(SATISFACTION_SETTERS, { body: SettingsBody }),
    async ({ viewer, body }, reply) => {
      const settings = settingsIn(body);
      if (!settings) return refuse(reply);
      await inTransaction(db, (tx) => changeSettings(tx, actorOf(viewer), settings));
      return sendOn(reply, PATH, 'desk.satisfaction.saved');
    },
  );
};

async function readView(
  { db, reads, now, config }: Deps,
  query: { days?: string; occasion?: string },
  isReader: boolean,
): Promise<SatisfactionView> {
  const days = PERIODS.find((each) => String(each) === query.days) ?? PERIODS[0];
  const to = businessDayAt(now(), config.timeZone);
  const from = shiftDay(to, 1 - days);
  const occasion = OCCASIONS.find((each) => each === query.occasion);
  const asked = { from, to, ...(occasion && { occasion }) };
  const lastDays = { ...asked, from: shiftDay(to, 1 - Math.min(days, DAYS_SHOWN)) };
  const by = (key: (typeof KEYS)[number]) => satisfactionBy(reads, asked, key, config.timeZone);
  const [tables, byDay, consistency, remarks, places, rules, settings, [first]] = await Promise.all([
    Promise.all(KEYS.map(async (key) => ({ key, ...(await by(key)) }))),
    satisfactionBy(reads, lastDays, 'day', config.timeZone),
    satisfactionConsistency(reads, asked, config.timeZone),
    isReader ? latestRemarks(reads, REMARKS_SHOWN) : undefined,
    locations(reads),
    satisfactionRules(db),
    satisfactionSettings(db),
    firstContacts(reads, { from, to }, 'none', { now: now(), timeZone: config.timeZone }),
  ]);
  return {
    periods: PERIODS,
    days,
    from,
    to,
    occasion,
    tables: [...tables, { key: 'day' as const, ...byDay }],
    consistency,
    remarks,
    first,
    places: new Map(places.map(({ id, name }) => [id, name])),
    rules,
    settings,
    timeZone: config.timeZone,
  };
}
