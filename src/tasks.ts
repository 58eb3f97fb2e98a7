import { type CronItem, parseCronItems, type TaskList } from 'graphile-worker';
import { SLOW_JOBS } from '#platform/events.ts';
import { forgetAnswers } from '#platform/idempotency.ts';
import type { Deps } from '#platform/module.ts';
import { handleEvent } from '#platform/tell-events.ts';
import { countDemoCustomers, drawGalleries } from './demo/index.ts';
import { COUNT_TASTES, countCustomerTastes } from './customer-tastes.ts';
import { MAKE_ARCHIVE, TAKE_IN } from './modules/archives/index.ts';
import { LOOK_AT_EXPERIMENTS, lookAtExperiments } from './experiment-looks.ts';
import { MEASURE_RULES, measureRules } from './measure-rules.ts';
import { modules } from './modules.ts';
import { DELETE_MADE, deleteAllMade, DROP_UNSHOWN, dropUnshownPhotos } from './made.ts';
import { makeArchive } from './take-along/make-archive.ts';
import { PROPOSE_PRICES, proposePrices } from './propose-prices.ts';
import { PROPOSE_RULES, proposeRules } from './propose-rules.ts';
import { subscribers } from './subscribers.ts';
import { takeIn } from './take-along/take-in.ts';

type EventPayload = { eventId: string };

export function taskList(deps: Deps): TaskList {
  const tasks: TaskList = {};
  tasks['demo.draw_galleries'] = (payload) => drawGalleries(deps, payload);
  tasks['demo.count_customers'] = () => countDemoCustomers(deps);
  tasks[MAKE_ARCHIVE] = (payload) => makeArchive(deps, payload);
  tasks[DELETE_MADE] = (payload) => deleteAllMade(deps, payload);
  tasks[DROP_UNSHOWN] = () => dropUnshownPhotos(deps);
  tasks[LOOK_AT_EXPERIMENTS] = () => lookAtExperiments(deps);
  tasks[PROPOSE_RULES] = () => proposeRules(deps);
  tasks[MEASURE_RULES] = () => measureRules(deps);
  tasks[PROPOSE_PRICES] = async () => void (await proposePrices(deps));
  tasks[TAKE_IN] = (payload) => takeIn(deps, payload);
  tasks[COUNT_TASTES] = () => countCustomerTastes(deps);
  tasks['platform.forget_answers'] = () => forgetAnswers(deps);
  for (const subscriber of subscribers) {
    tasks[subscriber.name] = (payload) => handleEvent(deps.db, subscriber, (payload as EventPayload).eventId);
  }
  for (const [name, job] of jobs()) tasks[name] = (payload) => job.run(deps, payload);
  return tasks;
}

export function cronItems() {
  const items = jobs().flatMap(([task, { cron, isSlow }]): CronItem[] => {
    if (!cron) return [];
    // A slow one that is still waiting is not queued a second time.
    return [{ task, match: cron, ...(isSlow && { options: { ...SLOW_JOBS, jobKey: task } }) }];
  });
  return parseCronItems([
    { task: 'platform.forget_answers', match: '17 * * * *' },
    {
      task: LOOK_AT_EXPERIMENTS,
      match: '*/10 * * * *',
      options: { ...SLOW_JOBS, jobKey: LOOK_AT_EXPERIMENTS },
    },
    { task: DROP_UNSHOWN, match: '10 2,14 * * *', options: { ...SLOW_JOBS, jobKey: DROP_UNSHOWN } },
    { task: COUNT_TASTES, match: '50 2 * * *', options: { ...SLOW_JOBS, jobKey: COUNT_TASTES } },
    // Tries a dozen rule sets on four weeks of orders: once a week, while few buy.
    { task: PROPOSE_RULES, match: '40 3 * * 1', options: { ...SLOW_JOBS, jobKey: PROPOSE_RULES } },
    // When the night's stock and sales are in.
    { task: PROPOSE_PRICES, match: '10 4 * * *', options: { ...SLOW_JOBS, jobKey: PROPOSE_PRICES } },
    { task: MEASURE_RULES, match: '50 5 * * *', options: { ...SLOW_JOBS, jobKey: MEASURE_RULES } },
    ...items,
  ]);
}

const jobs = () => modules.flatMap((module) => Object.entries(module.jobs ?? {}));
