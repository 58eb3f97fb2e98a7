import { pieceClosed } from '#events/social.ts';
import { subscribe } from '#platform/events.ts';
import type { Module } from '#platform/module.ts';
import { readdressOf } from './photos.ts';
import { routes } from './routes.ts';

export const posts: Module = {
  name: 'posts',
  routes,
  subscribers: [subscribe(pieceClosed, 'posts.readdress_photos', readdressOf)],
};
