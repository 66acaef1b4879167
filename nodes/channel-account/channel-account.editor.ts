import type { EditorRED } from 'node-red';
import { checkedField, unlessFromEnvironment } from '../shared/editor/checked-field.ts';
import {
  addressFault,
  channelFault,
  currencyFault,
  customFault,
  numberFaults,
  pathFault,
  shopFault,
  zoneFault,
} from './account-fields.ts';
import { prepareCalls } from './calls.editor.ts';
import { prepareCustomForm } from './custom-form/custom-form.editor.ts';
import { prepareAccountDialog } from './dialog.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('channel-account', {
  category: 'config',
  defaults: {
    name: { value: '' },
    platform: { value: 'shopify', required: true },
    path: { value: '', validate: checkedField(pathFault) },
    channel: { value: '', validate: checkedField(channelFault) },
    shop: { value: '', validate: checkedField(shopFault) },
    currency: { value: 'CNY', validate: checkedField(currencyFault) },
    zone: { value: '', validate: checkedField(zoneFault) },
    repeats: { value: 'platform' },
    replayMinutes: { value: '', validate: checkedField(numberFaults.replayMinutes) },
    maxMegabytes: { value: '', validate: checkedField(numberFaults.maxMegabytes) },
    address: { value: '', validate: checkedField(unlessFromEnvironment(addressFault)) },
    shopId: { value: '' },
    location: { value: '' },
    apiVersion: { value: '' },
    signMethod: { value: '' },
    custom: { value: '', validate: checkedField(customFault) },
    callsPerSecond: { value: '', validate: checkedField(numberFaults.callsPerSecond) },
    timeoutSeconds: { value: '', validate: checkedField(numberFaults.timeoutSeconds) },
    version: { value: 2 },
  },
  credentials: {
    secret: { type: 'password' },
    previousSecret: { type: 'password' },
    appKey: { type: 'text' },
    appSecret: { type: 'password' },
    accessToken: { type: 'password' },
  },
  label() {
    return this.name || [this.shop, this.platform].filter(Boolean).join(' · ') || 'channel-account';
  },
  oneditprepare() {
    const text = (key: string, values?: Record<string, string>): string =>
      this._(`channel-account.${key}`, values as never);
    prepareAccountDialog(text);
    prepareCalls(this as never, text);
    prepareCustomForm(text);
  },
});
