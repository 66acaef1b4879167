import type { NodeAPI } from 'node-red';
import { askActs } from '../../../core/insight/acts.ts';
import { serve } from './request.ts';

/** `GET acts?actor=&act=&object=&limit=&after=`: who did what by hand. */
export function serveActs(RED: NodeAPI): void {
  serve(RED, 'get', 'acts', 'order-hub.read', ({ asked, asking }) => askActs(asked, asking()));
}
