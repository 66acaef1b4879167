import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** Where an order stands, in the order it goes; `cancelled` may follow any of them but `completed`. */
export const orderStatuses = [
  'created',
  'deposit-paid',
  'paid',
  'part-shipped',
  'shipped',
  'completed',
  'cancelled',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** Where the refund stands: an axis of its own, since a shipped order may be refunded and a paid one too. */
export const refundStatuses = ['none', 'requested', 'partial', 'full'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

const text = { type: 'string', format: 'clean-text' } as const;
const name = { type: 'string', format: 'clean-text', minLength: 1, maxLength: 255 } as const;
const money = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const units = { type: 'integer', minimum: 0, maximum: 1_000_000_000 } as const;
const refund = { type: 'string', enum: refundStatuses } as const;
const extra = {
  type: 'object',
  description: 'What a business adds for itself, as text by name.',
  additionalProperties: text,
} as const;
const time = {
  type: 'object',
  description: 'A UTC instant, and the text the channel wrote.',
  required: ['at', 'text'],
  additionalProperties: false,
  properties: { at: { type: 'string', format: 'utc-instant' }, text },
} as const;

const line = {
  type: 'object',
  required: ['lineId', 'sku', 'quantity'],
  additionalProperties: false,
  properties: {
    lineId: { ...name, description: "The channel's id of the line." },
    sku: { ...name, description: 'What the warehouse calls it; stock is counted by it.' },
    channelSkuId: { ...name, description: "The channel's id of the product or variant." },
    title: text,
    quantity: {
      ...units,
      description: 'Units still wanted: ordered less cancelled. 0 once the line is cancelled.',
    },
    orderedQuantity: { ...units, description: 'Units first ordered, when the channel tells both.' },
    shippedQuantity: {
      ...units,
      description: 'Units shipped so far, when the channel tells it line by line.',
    },
    unitPrice: { ...money, description: 'Minor units, before the discounts of the line.' },
    paid: { ...money, description: 'Minor units paid for the whole line, after its discounts.' },
    refundStatus: refund,
    weightGrams: { ...units, minimum: 1, description: 'Grams of one unit.' },
    extra,
  },
} as const;

/**
 * The canonical order: what every node after `order-map` works on. JSON Schema draft 2020-12, and the one source
 * of the `Order` type. Money is in minor units of `currency`, ids are text, text is Unicode NFC.
 */
export const orderSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:order-hub:order:1',
  title: 'Order',
  type: 'object',
  required: [
    'channel',
    'shop',
    'channelOrderId',
    'scenario',
    'status',
    'refundStatus',
    'times',
    'currency',
    'lines',
  ],
  additionalProperties: false,
  properties: {
    channel: { ...name, description: 'The sales channel, such as shopify.' },
    shop: { ...name, description: 'Which shop on the channel.' },
    channelOrderId: { ...name, description: "The channel's id of the order; text, since many exceed 2^53." },
    scenario: {
      type: 'string',
      pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
      maxLength: 60,
      description: 'Row of the stock policy: normal, presale, pos, or one of your own.',
    },
    status: { type: 'string', enum: orderStatuses },
    refundStatus: refund,
    times: {
      type: 'object',
      additionalProperties: false,
      properties: {
        created: time,
        paid: time,
        deposit: time,
        balance: time,
        modified: time,
        shipBy: time,
        shipped: time,
        completed: time,
        cancelled: time,
      },
    },
    currency: { type: 'string', format: 'iso-4217' },
    money: {
      type: 'object',
      description: 'Amounts of the whole order in minor units.',
      additionalProperties: false,
      properties: {
        total: { ...money, description: 'What the buyer owes for the order as placed.' },
        goods: money,
        discount: money,
        shipping: money,
        tax: money,
        refunded: { ...money, description: 'What has been paid back so far.' },
      },
    },
    lines: { type: 'array', minItems: 1, items: line },
    receiver: {
      type: 'object',
      description: 'May be masked or absent; `handle` is what the platform gives to ask for it again.',
      additionalProperties: false,
      properties: {
        name: text,
        phone: text,
        email: text,
        country: text,
        region: text,
        city: text,
        district: text,
        address: text,
        postcode: text,
        handle: text,
      },
    },
    buyer: {
      type: 'object',
      additionalProperties: false,
      properties: {
        key: { ...name, description: 'Tells buyers of one shop apart.' },
        name: text,
        note: text,
      },
    },
    sellerNote: text,
    presale: {
      type: 'object',
      additionalProperties: false,
      properties: { depositPaid: money, balanceDue: money },
    },
    hold: {
      type: 'object',
      description: 'Present while the order must not go further, whatever its status.',
      required: ['reason'],
      additionalProperties: false,
      properties: { reason: { ...text, minLength: 1 } },
    },
    extra,
    raw: {
      type: 'object',
      description: 'Where the bytes are that the order was made from.',
      required: ['inboxId'],
      additionalProperties: false,
      properties: { inboxId: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } },
    },
  },
} as const satisfies JSONSchema;

export type Order = FromSchema<typeof orderSchema>;
export type OrderLine = Order['lines'][number];

export type { ValidationProblem } from './refusal.ts';
export { validateOrder } from './validate.ts';
