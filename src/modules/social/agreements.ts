import { sql } from 'kysely';
import type { Db, Tx } from '#platform/db.ts';
import { socialErrors } from './errors.ts';

/** What members agree to before they first say or make something. */
export interface HouseRules {
  /** Null: nobody is asked. */
  minimumAge: number | null;
  /** Of the terms; 0: none are agreed to. */
  termsVersion: number;
}

export async function houseRules(db: Db): Promise<HouseRules> {
  const { rows } = await sql<HouseRules>`
    select minimum_age as "minimumAge", terms_version as "termsVersion" from social.house_rule`.execute(db);
  const [rules] = rows;
  if (!rules) throw new Error('social.house_rule has lost its row');
  return rules;
}

export async function setMinimumAge(tx: Tx, minimumAge: number | null): Promise<void> {
  await sql`update social.house_rule set minimum_age = ${minimumAge}`.execute(tx);
}

/** From now on members agree to this version of the terms before they do anything more. */
export async function setTermsVersion(tx: Tx, version: number): Promise<void> {
  await sql`update social.house_rule set terms_version = ${version}`.execute(tx);
}

/** What a member has still to say; a younger age that was asked before is not enough, an older one is. */
export const missingAgreement = (memberId: string) => sql`array_remove(array[
  case when minimum_age is not null and not exists (select from social.agreement
    where agreement.member_id = ${memberId} and what = 'age' and version >= minimum_age) then 'age' end,
  case when terms_version > 0 and not exists (select from social.agreement
    where agreement.member_id = ${memberId} and what = 'terms' and version = terms_version) then 'terms' end], null)`;

export async function missingOf(db: Db, memberId: string): Promise<('age' | 'terms')[]> {
  const { rows } = await sql<{ missing: ('age' | 'terms')[] }>`
    select ${missingAgreement(memberId)} as missing from social.house_rule`.execute(db);
  return rows[0]?.missing ?? [];
}

/** Both at once, as they were read: who was shown other terms than count now is asked again. */
export async function agree(tx: Tx, memberId: string, seen: HouseRules, now: Date): Promise<void> {
  const { rows } = await sql<HouseRules>`
    select minimum_age as "minimumAge", terms_version as "termsVersion" from social.house_rule for share`.execute(
    tx,
  );
  const [rules] = rows;
  if (rules?.minimumAge !== seen.minimumAge || rules.termsVersion !== seen.termsVersion)
    throw socialErrors.rules_changed({});
  await sql`
    insert into social.agreement (member_id, what, version, at)
    select ${memberId}, what::social.agreed, version, ${now}
    from (values ('age', ${rules.minimumAge}::integer), ('terms', nullif(${rules.termsVersion}::integer, 0))) as t (what, version)
    where version is not null on conflict do nothing`.execute(tx);
}
