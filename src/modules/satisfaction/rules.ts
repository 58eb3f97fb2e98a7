import { type Actor, record } from '#modules/identity/index.ts';
import type { Db, Tx } from '#platform/db.ts';
import { own } from './own.ts';
import type { Occasion, Scale } from './scales.ts';

export const MAILS_AFTER_HOURS_MAX = 4320;
export const REST_DAYS_MAX = 365;
export const OPEN_DAYS_MAX = 365;
export const CHANGE_DAYS_MAX = 90;

/** What is asked after an occasion. */
export interface Rule {
  occasion: Occasion;
  scale: Scale;
  mailsAfterHours: number;
  /** Of so many a mail, drawn by lot; all others can be answered where they are shown. */
  mailedPercent: number;
}

export interface SatisfactionSettings {
  /** Nobody is asked again before so many days have gone by. */
  restDays: number;
  /** For so long after the occasion it is answered. */
  openDays: number;
  /** For so long after the first answer it is changed. */
  changeDays: number;
}

export const rules = (db: Db): Promise<Rule[]> =>
  own(db)
    .selectFrom('satisfaction.rule')
    .select(['occasion', 'scale', 'mails_after_hours as mailsAfterHours', 'mailed_percent as mailedPercent'])
    .orderBy('occasion')
    .execute();

/** From the next occasion on: a question that is owed keeps its scale. */
export async function setRule(tx: Tx, actor: Actor, rule: Rule): Promise<void> {
  const { occasion, scale, mailsAfterHours, mailedPercent } = rule;
  await own(tx)
    .updateTable('satisfaction.rule')
    .set({ scale, mails_after_hours: mailsAfterHours, mailed_percent: mailedPercent })
    .where('occasion', '=', occasion)
    .execute();
  await record(tx, actor, 'satisfaction_rule_set', undefined, {
    occasion,
    scale,
    mailsAfterHours,
    mailedPercent,
  });
}

export const settings = (db: Db): Promise<SatisfactionSettings> =>
  own(db)
    .selectFrom('satisfaction.setting')
    .select(['rest_days as restDays', 'open_days as openDays', 'change_days as changeDays'])
    .executeTakeFirstOrThrow();

export async function changeSettings(tx: Tx, actor: Actor, wish: SatisfactionSettings): Promise<void> {
  const { restDays, openDays, changeDays } = wish;
  await own(tx)
    .updateTable('satisfaction.setting')
    .set({ rest_days: restDays, open_days: openDays, change_days: changeDays })
    .execute();
  await record(tx, actor, 'satisfaction_settings_set', undefined, { restDays, openDays, changeDays });
}
