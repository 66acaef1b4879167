import { beijingText } from '../../clock.ts';
import { decimal } from '../../money.ts';
import { grossOf, isRefundAsked, isRefunded, type ShopOrder, sumOf, totalOf } from '../../shop/order.ts';

const none = '0001-01-01 00:00:00';

const remarks: Readonly<Record<string, string>> = {
  WAIT_SELLER_STOCK_OUT: '等待出库',
  WAIT_GOODS_RECEIVE_CONFIRM: '等待确认收货',
  FINISHED_L: '完成',
  TRADE_CANCELED: '订单取消',
  LOCKED: '已锁定',
};

/** What JD calls the state of an order. It is locked while money is asked back before it left. */
export function orderState(order: ShopOrder): string {
  if (order.stage === 'cancelled' || isRefunded(order)) return 'TRADE_CANCELED';
  if (order.stage === 'completed') return 'FINISHED_L';
  if (order.times.shipped !== null) return 'WAIT_GOODS_RECEIVE_CONFIRM';
  return order.held || isRefundAsked(order) ? 'LOCKED' : 'WAIT_SELLER_STOCK_OUT';
}

/** The carriers' numbers at JD. */
export const carrierNumbers: Readonly<Record<string, string>> = { SF: '467', YTO: '463', ZTO: '1499' };

/** An order with every field that may be asked for. */
export function jdOrder(order: ShopOrder): Record<string, unknown> {
  const { times, parcels } = order;
  const state = orderState(order);
  const discount = sumOf(order, (line) => line.discount);
  const gross = sumOf(order, grossOf);
  const paid = state === 'TRADE_CANCELED' ? 0 : totalOf(order);
  return {
    orderId: order.id,
    venderId: '10000001',
    orderType: '22',
    payType: '4-在线支付',
    orderSource: '移动端订单',
    deliveryType: '任意时间',
    orderTotalPrice: decimal(gross),
    orderSellerPrice: decimal(gross - discount),
    orderPayment: decimal(paid),
    actualPay: decimal(paid),
    shouldPay: decimal(totalOf(order)),
    freightPrice: decimal(order.postage),
    sellerDiscount: decimal(discount),
    balanceUsed: '0.00',
    orderState: state,
    orderStateRemark: remarks[state],
    orderStartTime: beijingText(times.created),
    paymentConfirmTime: beijingText(times.paid) || none,
    orderEndTime: beijingText(times.completed ?? times.cancelled) || none,
    modified: beijingText(times.modified),
    orderRemark: order.buyerNote,
    venderRemark: order.sellerNote,
    waybill: parcels.map(({ tracking }) => tracking).join('|'),
    logisticsId: parcels.map(({ carrier }) => carrierNumbers[carrier] ?? carrier).join('|'),
    parentOrderId: '0',
    directParentOrderId: '0',
    storeOrder: '',
    storeId: '0',
    idSopShipmenttype: 68,
    returnOrder: '0',
    pin: '',
    open_id_buyer: `AAFakeOpenIdBuyer${order.buyer}`,
    consigneeInfo: {
      fullname: 'ENC_FAKE_NAME==',
      mobile: 'ENC_FAKE_MOBILE==',
      telephone: '',
      fullAddress: 'ENC_FAKE_ADDRESS==',
      province: '浙江',
      city: '杭州市',
      county: '余杭区',
      town: '测试街道',
      provinceId: '15',
      cityId: '1213',
      countyId: '3411',
      townId: '0',
    },
    itemInfoList: order.lines.map(({ listing, unitPrice, quantity }) => ({
      skuId: listing.variantId,
      outerSkuId: listing.sku,
      skuName: listing.spec ? `${listing.title} ${listing.spec}` : listing.title,
      jdPrice: decimal(unitPrice),
      itemTotal: String(quantity),
      wareId: listing.productId,
      giftPoint: '0',
      productNo: '',
      newStoreId: '0',
      invoiceContentId: '1',
    })),
    couponDetailList: order.lines
      .filter((line) => line.discount > 0)
      .map((line) => ({
        orderId: order.id,
        couponType: '30-单品促销优惠',
        couponPrice: decimal(line.discount),
        skuId: line.listing.variantId,
      })),
    invoiceInfo: '不需要开具发票',
  };
}

/** Only what `optional_fields` names; the order's number is always there. */
export function chosenFields(whole: Record<string, unknown>, fields: string): Record<string, unknown> {
  const names = ['orderId', ...fields.split(',').map((name) => name.trim())];
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)));
}
