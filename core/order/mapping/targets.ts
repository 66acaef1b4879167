import type { Language } from '../../message.ts';
import { orderStatuses, refundStatuses } from '../schema.ts';

export type TargetKind = 'text' | 'integer' | 'money' | 'time' | 'choice' | 'weight';
type Labels = Record<Language, string>;

/** A field a rule may fill, as the dialog's list shows it. */
export interface Target {
  target: string;
  kind: TargetKind;
  /** Whether no order is complete without it. */
  required: boolean;
  labels: Labels;
  /** For `choice`: the values it may have. */
  choices?: readonly { value: string; labels: Labels }[];
}

const label = (zh: string, en: string): Labels => ({ 'zh-CN': zh, 'en-US': en });

function field(target: string, kind: TargetKind, zh: string, en: string, required = false): Target {
  return { target, kind, required, labels: label(zh, en) };
}

const statusLabels: Record<(typeof orderStatuses)[number], Labels> = {
  created: label('待付款', 'Awaiting payment'),
  'deposit-paid': label('已付定金', 'Deposit paid'),
  paid: label('已付款，待发货', 'Paid, to be shipped'),
  'part-shipped': label('部分发货', 'Partly shipped'),
  shipped: label('已发货', 'Shipped'),
  completed: label('已完成', 'Completed'),
  cancelled: label('已取消', 'Cancelled'),
};

const refundLabels: Record<(typeof refundStatuses)[number], Labels> = {
  none: label('无退款', 'No refund'),
  requested: label('申请退款中', 'Refund requested'),
  partial: label('部分退款', 'Partly refunded'),
  full: label('全额退款', 'Fully refunded'),
};

const refundChoices = refundStatuses.map((value) => ({ value, labels: refundLabels[value] }));

const orderTargets: readonly Target[] = [
  field('channel', 'text', '渠道', 'Channel', true),
  field('shop', 'text', '店铺', 'Shop', true),
  field('channelOrderId', 'text', '渠道订单号', "Channel's order id", true),
  field('scenario', 'text', '业务场景', 'Scenario', true),
  {
    ...field('status', 'choice', '订单状态', 'Order status', true),
    choices: orderStatuses.map((value) => ({ value, labels: statusLabels[value] })),
  },
  { ...field('refundStatus', 'choice', '退款状态', 'Refund status', true), choices: refundChoices },
  field('currency', 'text', '币种', 'Currency', true),
  field('times.created', 'time', '下单时间', 'Created'),
  field('times.paid', 'time', '付款时间', 'Paid'),
  field('times.deposit', 'time', '定金支付时间', 'Deposit paid'),
  field('times.balance', 'time', '尾款支付时间', 'Balance paid'),
  field('times.modified', 'time', '修改时间', 'Modified'),
  field('times.shipBy', 'time', '最晚发货时间', 'Ship by'),
  field('times.shipped', 'time', '发货时间', 'Shipped'),
  field('times.completed', 'time', '完成时间', 'Completed'),
  field('times.cancelled', 'time', '取消时间', 'Cancelled'),
  field('money.total', 'money', '订单总额', 'Order total'),
  field('money.goods', 'money', '商品金额', 'Goods'),
  field('money.discount', 'money', '优惠金额', 'Discount'),
  field('money.shipping', 'money', '运费', 'Shipping'),
  field('money.tax', 'money', '税额', 'Tax'),
  field('money.refunded', 'money', '已退金额', 'Refunded so far'),
  field('receiver.name', 'text', '收货人', 'Receiver: name'),
  field('receiver.phone', 'text', '收货电话', 'Receiver: phone'),
  field('receiver.email', 'text', '收货人邮箱', 'Receiver: e-mail'),
  field('receiver.country', 'text', '国家或地区', 'Receiver: country'),
  field('receiver.region', 'text', '省或州', 'Receiver: province or state'),
  field('receiver.city', 'text', '城市', 'Receiver: city'),
  field('receiver.district', 'text', '区县', 'Receiver: district'),
  field('receiver.address', 'text', '详细地址', 'Receiver: street address'),
  field('receiver.postcode', 'text', '邮编', 'Receiver: postcode'),
  field('receiver.handle', 'text', '平台收件人凭据', "Receiver: platform's handle"),
  field('buyer.key', 'text', '买家标识', 'Buyer: key'),
  field('buyer.name', 'text', '买家名称', 'Buyer: name'),
  field('buyer.note', 'text', '买家留言', 'Buyer: note'),
  field('sellerNote', 'text', '卖家备注', "Seller's note"),
  field('presale.depositPaid', 'money', '已付定金', 'Presale: deposit paid'),
  field('presale.balanceDue', 'money', '待付尾款', 'Presale: balance due'),
  field('hold.reason', 'text', '挂起原因', 'On hold because'),
];

const lineTargets: readonly Target[] = [
  field('lineId', 'text', '行号', 'Line id', true),
  field('sku', 'text', 'SKU', 'SKU', true),
  field('quantity', 'integer', '数量', 'Quantity', true),
  field('orderedQuantity', 'integer', '原下单数量', 'Quantity first ordered'),
  field('shippedQuantity', 'integer', '已发货数量', 'Quantity shipped so far'),
  field('channelSkuId', 'text', '渠道商品编号', "Channel's product id"),
  field('title', 'text', '商品名称', 'Title'),
  field('unitPrice', 'money', '单价', 'Unit price'),
  field('paid', 'money', '行实付金额', 'Paid for the line'),
  { ...field('refundStatus', 'choice', '行退款状态', 'Refund status of the line'), choices: refundChoices },
  field('weightGrams', 'weight', '单件重量', 'Unit weight'),
];

/** The fields a rule may fill, for the dialog's lists; besides them `extra.` with any name of one's own. */
export function describeTargets(): { order: readonly Target[]; lines: readonly Target[] } {
  return { order: orderTargets, lines: lineTargets };
}

const byTable = {
  order: new Map(orderTargets.map((target) => [target.target, target])),
  lines: new Map(lineTargets.map((target) => [target.target, target])),
};

const extraForm = /^extra\.([^.[\]"]{1,60})$/;

/** The field a target names, or undefined when there is none of that name. */
export function findTarget(table: 'order' | 'lines', target: string): Target | undefined {
  const known = byTable[table].get(target);
  if (known) return known;
  const extra = extraForm.exec(target)?.[1];
  if (extra === undefined || extra === '__proto__') return undefined;
  return field(target, 'text', `自定义：${extra}`, `Your own: ${extra}`);
}
