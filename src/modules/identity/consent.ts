import type { Db, Tx } from '#platform/db.ts';
import { identityErrors } from './errors.ts';
import { own } from './own.ts';

/** Somebody who gives consent: a member, or a browser that a random number stands for. */
export type Person = { memberId: string } | { guestId: string };

const PURPOSES = ['analytics', 'personalization', 'partners'] as const;
/** Each network is a purpose of its own: agreeing to one is no agreement to another. */
const NETWORKS = ['google', 'facebook', 'instagram', 'pinterest', 'x', 'apple'] as const;

export type Purpose = (typeof PURPOSES)[number] | `network:${(typeof NETWORKS)[number]}`;

/** Everything that is asked, in the order in which it is shown. */
export const CONSENT_PURPOSES: readonly Purpose[] = [
  ...PURPOSES,
  ...NETWORKS.map((network) => `network:${network}` as const),
];

/** Raised with every change of the wording that people are shown: what they agreed to can be read again. */
export const CONSENT_TEXT_VERSION = '2026-12';

/** The first wording that says what is done today: an older yes was to something else, and covers nothing of it. */
const WORDED_SINCE: Partial<Record<Purpose, string>> = {
  analytics: '2026-12', // those who serve somebody see what they did, and how it stands beside others
};

export interface ConsentEntry {
  purpose: string;
  granted: boolean;
  textVersion: string;
  touchpoint: string;
  givenAt: Date;
}

export function purposeOf(text: string): Purpose {
  const purpose = CONSENT_PURPOSES.find((known) => known === text);
  if (!purpose) throw identityErrors.purpose_unknown({ purpose: text });
  return purpose;
}

/** What holds now: the latest entry for each purpose. Nobody has agreed to what they were never asked. */
export async function consentOf(db: Db, person: Person): Promise<Record<Purpose, boolean>> {
  const rows = await entriesOf(db, person)
    .distinctOn('purpose')
    .select(['purpose', 'granted'])
    .orderBy('purpose')
    .orderBy('id', 'desc')
    .execute();
  const granted = new Set(rows.filter((row) => row.granted).map((row) => row.purpose));
  const states = CONSENT_PURPOSES.map((purpose) => [purpose, granted.has(purpose)]);
  return Object.fromEntries(states) as Record<Purpose, boolean>;
}

/** What somebody answered last about one purpose; undefined where they were never asked. */
export async function consentAnswer(db: Db, person: Person, purpose: Purpose): Promise<boolean | undefined> {
  const row = await entriesOf(db, person)
    .select('granted')
    .where('purpose', '=', purpose)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.granted;
}

/** Those of the members who agree to a purpose at this moment, each by their latest answer. */
export async function membersConsenting(
  db: Db,
  memberIds: readonly string[],
  purpose: Purpose,
): Promise<Set<string>> {
  if (memberIds.length === 0) return new Set();
  const rows = await own(db)
    .selectFrom('identity.consent')
    .distinctOn('member_id')
    .select(['member_id', 'granted', 'text_version as textVersion'])
    .where('member_id', 'in', memberIds)
    .where('purpose', '=', purpose)
    .orderBy('member_id')
    .orderBy('id', 'desc')
    .execute();
  const since = WORDED_SINCE[purpose] ?? '';
  return new Set(
    rows.flatMap(({ member_id: id, granted, textVersion }) =>
      granted && id !== null && textVersion >= since ? [id] : [],
    ),
  );
}

/** Writes what changed and nothing else: the ledger is a history of decisions, not of pressed buttons. */
export async function setConsent(
  tx: Tx,
  person: Person,
  decisions: Partial<Record<Purpose, boolean>>,
  { touchpoint, textVersion = CONSENT_TEXT_VERSION }: { touchpoint: string; textVersion?: string },
): Promise<void> {
  const before = await consentOf(tx, person);
  const wordings = await latestWordings(tx, person);
  const changes = CONSENT_PURPOSES.flatMap((purpose) => {
    const granted = decisions[purpose];
    // A yes to other words is another decision; a no to whatever words is the same no.
    const isSame =
      granted === before[purpose] &&
      (granted ? wordings.get(purpose) === textVersion : wordings.has(purpose));
    if (granted === undefined || isSame) return [];
    return [{ ...columnsOf(person), purpose, granted, text_version: textVersion, touchpoint }];
  });
  if (changes.length > 0) await own(tx).insertInto('identity.consent').values(changes).execute();
}

/** The words that were answered last, purpose by purpose. A first "no" is a decision too, and is kept as one. */
async function latestWordings(db: Db, person: Person): Promise<Map<string, string>> {
  const rows = await entriesOf(db, person)
    .distinctOn('purpose')
    .select(['purpose', 'text_version as textVersion'])
    .orderBy('purpose')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map(({ purpose, textVersion }) => [purpose, textVersion]));
}

/** The newest first. */
export async function consentHistory(db: Db, person: Person): Promise<ConsentEntry[]> {
  return entriesOf(db, person)
    .select(['purpose', 'granted', 'text_version as textVersion', 'touchpoint', 'given_at as givenAt'])
    .orderBy('id', 'desc')
    .limit(1000)
    .execute();
}

const entriesOf = (db: Db, person: Person) =>
  own(db)
    .selectFrom('identity.consent')
    .$if('memberId' in person, (query) => query.where('member_id', '=', columnsOf(person).member_id))
    .$if('guestId' in person, (query) => query.where('guest_id', '=', columnsOf(person).guest_id));

const columnsOf = (person: Person) =>
  'memberId' in person
    ? { member_id: person.memberId, guest_id: null }
    : { member_id: null, guest_id: person.guestId };
