import { defineMessages } from '../../message.ts';

export const pinduoduoMessages = defineMessages({
  'pinduoduo.risk-control': {
    'en-US':
      'Pinduoduo has suspended the application for a risk it found ({call}, {code}: {said}). See the notice in the console of the open platform and clear it up there; the hub tries again now and then.',
    'zh-CN':
      '拼多多因安全风险暂停了该应用的调用（{call}，{code}：{said}）。请在开放平台控制台查看通知并处理，系统会隔一段时间再试。',
  },
  'pinduoduo.test-quota': {
    'en-US':
      'The application is in test state at Pinduoduo, and its calls for the day are used up ({call}, {code}: {said}). Have it put online in the console of the open platform.',
    'zh-CN':
      '该应用在拼多多仍是测试状态，测试调用额度已用完（{call}，{code}：{said}）。请在开放平台控制台申请上线。',
  },
  'pinduoduo.no-websocket': {
    'en-US':
      'This Node.js ({version}) has no WebSocket, over which Pinduoduo sends its messages. Use Node.js 22.12 or later, started without --no-experimental-websocket. Orders are polled all the same.',
    'zh-CN':
      '当前 Node.js（{version}）没有 WebSocket，无法接收拼多多的消息。请使用 Node.js 22.12 或更高版本，启动时不要加 --no-experimental-websocket。订单仍会轮询获取。',
  },
  'pinduoduo.messages-refused': {
    'en-US':
      'The message service of Pinduoduo ({host}) did not take the connection: {reason}. Switch the message service on for the application in the console of the open platform, if it is not. The hub tries again by itself, and orders are polled all the same.',
    'zh-CN':
      '拼多多消息服务（{host}）未接受连接：{reason}。如尚未开通，请在开放平台控制台为应用开通消息服务。系统会自动重试，订单仍会轮询获取。',
  },
  'pinduoduo.messages-silent': {
    'en-US':
      'The message service of Pinduoduo ({host}) did not answer within {seconds} seconds. The hub tries again by itself.',
    'zh-CN': '拼多多消息服务（{host}）在 {seconds} 秒内没有应答。系统会自动重试。',
  },
  'pinduoduo.messages-cut': {
    'en-US':
      'The connection to the message service of Pinduoduo ({host}) ended (code {code}). The hub connects again by itself.',
    'zh-CN': '与拼多多消息服务（{host}）的连接已断开（代码 {code}）。系统会自动重新连接。',
  },
  'pinduoduo.sku-missing': {
    'en-US':
      'Pinduoduo keeps stock by SKU, and the listing {listing} names none. Enter it as goods/SKU, such as 600000000001/1500000000001.',
    'zh-CN':
      '拼多多按 SKU 记录库存，而商品标识 {listing} 没有 SKU。请填写“商品/SKU”，例如 600000000001/1500000000001。',
  },
  'pinduoduo.whole-orders-only': {
    'en-US':
      'Pinduoduo takes whole orders only, and this parcel holds a part of order {order}. Ship all of it at once.',
    'zh-CN': '拼多多只支持整单发货，本包裹只含订单 {order} 的一部分。请整单一次发货。',
  },
  'pinduoduo.shipped-otherwise': {
    'en-US':
      'Order {order} was shipped already, with the waybill {shipped}, not {tracking}. Pinduoduo takes one parcel of an order from here: add or change waybills in the seller pages of Pinduoduo.',
    'zh-CN':
      '订单 {order} 已用运单号 {shipped} 发货，与本次的 {tracking} 不同。通过接口每单只能上传一个包裹；如需补充或修改运单号，请在拼多多商家后台操作。',
  },
  'pinduoduo.carrier-not-id': {
    'en-US':
      'Pinduoduo names carriers by number; "{carrier}" is none. Enter the id of Pinduoduo’s carrier list, such as 44 for SF Express.',
    'zh-CN':
      '拼多多的快递公司用数字编号，“{carrier}”不是编号。请填写拼多多快递公司列表中的编号，例如顺丰为 44。',
  },
  'pinduoduo.waybill-missing': {
    'en-US':
      'Pinduoduo wants a waybill for each shipment, and order {order} came without one. Enter the waybill.',
    'zh-CN': '拼多多发货必须有运单号，订单 {order} 没有填写。请填写运单号。',
  },
});
