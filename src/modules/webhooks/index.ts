export { type Endpoint, endpoints, ping, rotateSecret } from './endpoints.ts';
export { webhooksErrors } from './errors.ts';
export { followWebhooks } from './follow-webhooks.ts';
export { triesOfHour } from './health.ts';
export { deliveries, deliveryOf, replay, replaySince } from './log.ts';
export { PUBLIC_EVENTS } from './public-events.ts';
export { sealStoredSecrets } from './sealed-secret.ts';
export { setEndpoint } from './set-endpoint.ts';
