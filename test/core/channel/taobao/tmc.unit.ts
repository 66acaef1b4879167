import assert from 'node:assert/strict';
import type { ChannelMessage } from '../../../../core/channel/connection/messages-in.ts';
import { platformNamed } from '../../../../core/channel/platform.ts';
import { topOf } from '../../../../core/channel/taobao/call.ts';
import { connectTaobao } from '../../../../core/channel/taobao/connection.ts';
import { messagesOf } from '../../../../core/channel/taobao/tmc.ts';
import { parseJson } from '../../../../core/json.ts';
import { type Answering, answeringChannel, faultOf } from '../answering-channel.ts';
import { formOf, sampleText } from '../open-platform.ts';

const permitted = { body: { tmc_user_permit_response: { is_success: true } } };
const nothing = { body: { tmc_messages_consume_response: {} } };
const confirmed = { body: { tmc_messages_confirm_response: { is_success: true } } };
const sample = { body: sampleText('taobao/tmc_messages_consume') };

/** A source that waits no longer than it must. */
function sourceOf(answer: Answering) {
  const { connection, asked } = answeringChannel((access) => {
    const messages = messagesOf(topOf(access), access, { empty: 1, firstRetry: 1, longestRetry: 1 });
    return { ...connectTaobao(access), messages };
  }, answer);
  return { source: connection.messages!, asked };
}

describe('messages of Taobao', () => {
  it('are handed on, then confirmed, and asked for again', async () => {
    const events: string[] = [];
    const stop = new AbortController();
    let isEmpty = false;
    const { source } = sourceOf((_url, request) => {
      events.push(request.name.replace('taobao.tmc.', ''));
      if (request.name.endsWith('permit')) return permitted;
      if (request.name.endsWith('confirm')) {
        assert.equal(formOf(request).s_message_ids, '7100000000000000001,7100000000000000002');
        return confirmed;
      }
      if (isEmpty) {
        stop.abort();
        return nothing;
      }
      isEmpty = true;
      return sample;
    });
    let taken: readonly ChannelMessage[] = [];
    await source.listen(
      {
        async onMessages(messages) {
          await Promise.resolve();
          events.push('durable');
          taken = messages;
        },
        onState: ({ kind }) => events.push(kind),
      },
      stop.signal,
    );
    assert.deepEqual(events, [
      'connecting',
      'user.permit',
      'messages.consume',
      'open',
      'durable',
      'messages.confirm',
      'messages.consume',
    ]);
    assert.deepEqual(
      taken.map(({ id, topic, channelOrderId }) => [id, topic, channelOrderId]),
      [
        ['7100000000000000001', 'taobao_trade_TradeBuyerPay', '4100000000000000123'],
        ['7100000000000000002', 'taobao_refund_RefundSuccess', '4100000000000000369'],
      ],
    );
  });

  it('that could not be kept are not confirmed, and come again', async () => {
    const stop = new AbortController();
    const states: string[] = [];
    let tries = 0;
    const { source, asked } = sourceOf((_url, { name }) =>
      name.endsWith('permit') ? permitted : name.endsWith('confirm') ? confirmed : sample,
    );
    await source.listen(
      {
        async onMessages() {
          tries += 1;
          if (tries === 1) throw new Error('disk full');
          stop.abort();
        },
        onState: (state) => states.push(state.kind === 'waiting' ? state.reason.message : state.kind),
      },
      stop.signal,
    );
    assert.deepEqual(states, ['connecting', 'open', 'disk full', 'open']);
    assert.equal(asked.filter(({ name }) => name.endsWith('confirm')).length, 0);
  });

  it('wait out what passes, and end with what a person must mend', async () => {
    let count = 0;
    const waits: string[] = [];
    const { source } = sourceOf((_url, { name }) => {
      if (name.endsWith('permit')) return permitted;
      count += 1;
      if (count < 3) return { status: 503, body: '' };
      return { body: { error_response: { code: 27, msg: 'Invalid session' } } };
    });
    const fault = await faultOf(
      source.listen(
        {
          onMessages: () => Promise.resolve(),
          onState: ({ kind }) => waits.push(kind),
        },
        new AbortController().signal,
      ),
    );
    assert.equal(fault.kind, 'credentials');
    assert.deepEqual(waits, ['connecting', 'waiting', 'waiting']);
  });

  it('hint at the trade they are about', () => {
    const { hintOf } = platformNamed('taobao');
    const rows = (
      parseJson(sample.body) as {
        tmc_messages_consume_response: { messages: { tmc_message: object[] } };
      }
    ).tmc_messages_consume_response.messages.tmc_message;
    assert.deepEqual(
      rows.map((body) => hintOf!({ topic: '', body })),
      ['4100000000000000123', '4100000000000000369'],
    );
    for (const body of [
      {},
      null,
      'text',
      { content: '{' },
      { content: '{"tid":"x"}' },
      { content: { tid: 0 } },
    ])
      assert.equal(hintOf!({ topic: '', body }), null, JSON.stringify(body));
  });
});
