import { isPlainKey, say, t } from '../messages.ts';

/** "network:pinterest" as people say it: "Pinterest (network)". */
export function touchpointName(touchpoint: string): string {
  const key = `desk.touchpoint.${touchpoint}`;
  if (isPlainKey(key)) return say(key);
  const [kind, name = ''] = touchpoint.split(':', 2);
  const written = name.charAt(0).toUpperCase() + name.slice(1);
  if (kind === 'network') return t('desk.touchpoint.network', { name: written });
  if (kind === 'marketplace') return t('desk.touchpoint.marketplace', { name: written });
  return touchpoint;
}
