import type { Module } from '#platform/module.ts';
import { MAIL_OWNER, mailOwner } from './mail-owner.ts';
import { routes } from './routes.ts';

export const experiments: Module = {
  name: 'experiments',
  routes,
  jobs: { [MAIL_OWNER]: { run: mailOwner } },
};
