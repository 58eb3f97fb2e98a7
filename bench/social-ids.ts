/** How many of everything a stage of the conversation has; the rest follows from its members and pins. */
export interface SocialSize {
  members: number;
  pins: number;
  products: number;
}

const SOCIAL_KINDS = ['board', 'pin', 'look', 'post', 'review', 'question', 'answer', 'comment'] as const;
export type StagedKind = (typeof SOCIAL_KINDS)[number];

/** A board of a page and more, as many as one in fifty are. */
export const FULL_BOARD_PINS = 120;

export const countOf = ({ members, pins }: SocialSize, kind: StagedKind): number =>
  ({
    board: members,
    pin: pins,
    look: members / 2,
    post: members / 2,
    review: members * 5,
    question: members / 5,
    answer: members / 4,
    comment: members * 3,
  })[kind];

/** The first units of 65.536 s of the stage's time, and how many there are: all of it is before any id made today. */
const [FROM, SPAN] = [0x0180_0000, 0x20_0000];
const UNIT_SECONDS = 65.536;

const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');
const kindOf = (kind: StagedKind) => hex(SOCIAL_KINDS.indexOf(kind) + 1, 4);

/** The id of the nth of a kind: in the order of time among all kinds, as new ids are. */
export const stagedId = (size: SocialSize, kind: StagedKind, nth: number): string =>
  `${hex(FROM + Math.floor((nth * SPAN) / countOf(size, kind)), 8)}-${kindOf(kind)}-7000-8000-${hex(nth, 12)}`;

/** The same in SQL, by expressions for the number. */
export const sqlTime = (size: SocialSize, kind: StagedKind, nth: string): string =>
  `(${FROM} + ((${nth})::bigint * ${SPAN} / ${countOf(size, kind)}))`;
export const sqlMoment = (size: SocialSize, kind: StagedKind, nth: string): string =>
  `to_timestamp(${sqlTime(size, kind, nth)} * ${UNIT_SECONDS})`;
export const sqlId = (size: SocialSize, kind: StagedKind, nth: string): string =>
  `(lpad(to_hex(${sqlTime(size, kind, nth)}), 8, '0') || '-${kindOf(kind)}-7000-8000-' || lpad(to_hex((${nth})::bigint), 12, '0'))::uuid`;
export const sqlMember = (nth: string): string =>
  `('aaaaaaaa-0000-7000-8000-' || lpad(to_hex((${nth})::bigint), 12, '0'))::uuid`;

/** At least 0, below 1, by a number's own digits, stirred: the same each time. */
export const sqlChance = (of: string, salt = 0): string =>
  `((hashint8extended((${of})::bigint, ${salt}) & 1073741823)::double precision / 1073741824)`;
