import { getting, streaming } from './axios-gets.ts';
import type { AxiosScenario } from './axios-kit.ts';

/** A status and its fields. */
export const axiosHeads: readonly AxiosScenario[] = [
  getting('404 that validateStatus takes', '/status?code=404', { validateStatus: (status) => status < 500 }),
  getting('404 without validateStatus', '/status?code=404', { validateStatus: null }),
  streaming('404', '/status?code=404', { validateStatus: null }),
  getting('410 as bytes', '/status?code=410', { responseType: 'arraybuffer' }),
  getting('200 that validateStatus refuses', '/json', { validateStatus: (status) => status !== 200 }),
  getting('a status text of its own', '/odd-status-text'),
  getting('cookies', '/cookies'),
  getting('repeated fields', '/repeated'),
  getting('a field that is not ASCII', '/latin1-field'),
  getting('Vary', '/vary', { headers: { 'Accept-Language': 'de-AT' } }),
  getting('Vary without the field', '/vary'),
];
