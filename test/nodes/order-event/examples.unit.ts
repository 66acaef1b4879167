import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { signWooCommerce } from '../../../core/channel/woocommerce/woocommerce.ts';
import { validateOrder } from '../../../core/order/validate.ts';
import type { FlowNode } from '../../support/runtime-options.ts';

const example = (name: string): FlowNode[] =>
  JSON.parse(readFileSync(new URL(`../../../examples/${name}.json`, import.meta.url), 'utf8')) as FlowNode[];

describe('what the examples send', () => {
  for (const name of ['order-event', 'order-done', 'dead-letter']) {
    it(`is an order that can be saved, in ${name}`, () => {
      const orders = example(name)
        .filter(({ type, payload }) => type === 'inject' && String(payload).includes('channelOrderId'))
        .map(({ payload }) => JSON.parse(String(payload)) as unknown);
      assert.ok(orders.length > 0);
      for (const order of orders) assert.deepEqual(validateOrder(order), []);
    });
  }

  it('is signed with the secret of the account, in channel-webhook', () => {
    const nodes = example('channel-webhook');
    const { secret } = nodes.find(({ type }) => type === 'channel-account')!.credentials as {
      secret: string;
    };
    const body = String(nodes.find(({ name }) => name === 'order with a right signature')!.payload);
    const rules = nodes.find(({ name }) => name === 'sign')!.rules as { to: string }[];
    const { 'x-wc-webhook-signature': signature } = JSON.parse(rules[0]!.to) as Record<string, string>;
    assert.equal(signature, signWooCommerce(secret, body)['x-wc-webhook-signature']);
  });
});
