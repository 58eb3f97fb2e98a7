import type { ClickHouseClient } from '@clickhouse/client';
import type pg from 'pg';
import {
  contactsBetween,
  contactsReachTo,
  opinionsBetween,
  opinionsReachTo,
} from '#modules/satisfaction/index.ts';
import type { Marketplace } from './stock-entries.ts';
import { moveTold } from './told-entries.ts';

const OPINIONS = {
  name: 'opinion_entry',
  most: 10_000,
  reachesTo: opinionsReachTo,
  between: opinionsBetween,
} as const;

/** Sends what next happened to questions of satisfaction; false when nothing is due. */
export const moveOpinions = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Pick<Marketplace, 'timeZone'>,
): Promise<boolean> => moveTold(connection, clickhouse, OPINIONS, timeZone);

const CONTACTS = {
  name: 'contact_entry',
  most: 10_000,
  reachesTo: contactsReachTo,
  between: contactsBetween,
} as const;

/** Sends the contacts that came next, with those they came near to; false when nothing is due. */
export const moveContacts = (
  connection: pg.Client,
  clickhouse: ClickHouseClient,
  { timeZone }: Pick<Marketplace, 'timeZone'>,
): Promise<boolean> => moveTold(connection, clickhouse, CONTACTS, timeZone);
