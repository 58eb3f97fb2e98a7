import { findingOpened } from '#events/guidance.ts';
import { addJob, subscribe } from '#platform/events.ts';
import { MAIL_FINDINGS } from './mail-findings.ts';
import { alertOwners } from './rules.ts';

/** Whoever owns the figure is mailed. What opened together is in one mail: the job is the same for all of it. */
export const findingAlerts = subscribe(
  findingOpened,
  'guidance.alert_owners',
  async (tx, { findingId, metric, region }) => {
    for (const ownerId of await alertOwners(tx, { findingId, metric, region }, new Date()))
      await addJob(tx, MAIL_FINDINGS, { ownerId }, ownerId);
  },
);
