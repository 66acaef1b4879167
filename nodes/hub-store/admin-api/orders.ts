import type { NodeAPI } from 'node-red';
import { askOrder, askOrders } from '../../../core/insight/query/orders.ts';
import { decodedKey, keyPath, serve } from './request.ts';

/** `GET orders?channel=&shop=&id=&status=&since=&limit=&after=` and `GET orders/<key>`. */
export function serveOrders(RED: NodeAPI): void {
  serve(RED, 'get', 'orders', 'order-hub.read', ({ asked, asking }) => askOrders(asked, asking()));
  serve(RED, 'get', keyPath('orders'), 'order-hub.read', ({ params, asking }) =>
    askOrder({ key: decodedKey(params) }, asking()),
  );
}
