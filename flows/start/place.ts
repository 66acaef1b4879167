import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubError } from '../../core/errors.ts';
import './messages.ts';

/** Where the hub runs and keeps its data. */
export interface Place {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Absolute path of the data folder, which is Node-RED's user directory. */
  dir: string;
  /** Node-RED settings of one's own, such as adminAuth; need not exist. */
  settingsFile: string;
  /** Whether only this machine can reach it. */
  local: boolean;
  /** Whether things happen in the simulated shops. */
  shopsLive: boolean;
}

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** @throws HubError start.bad-port, start.bad-shops */
export function readPlace(env: NodeJS.ProcessEnv): Place {
  const port = env.PORT?.trim() || '1880';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new HubError('start.bad-port', { value: port });
  const host = env.HOST?.trim() || '127.0.0.1';
  const dir = env.ORDER_HUB_DIR?.trim() ? resolve(env.ORDER_HUB_DIR.trim()) : join(checkout, 'data');
  const local = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const shops = env.ORDER_HUB_SHOPS?.trim() || 'on';
  if (shops !== 'on' && shops !== 'off') throw new HubError('start.bad-shops', { value: shops });
  return {
    host,
    port: Number(port),
    dir,
    settingsFile: join(dir, 'settings.js'),
    local,
    shopsLive: shops === 'on',
  };
}

/** The address by which this machine itself reaches what listens on a host. */
export function originOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`;
}
