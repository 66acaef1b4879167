import type { EditorRED } from 'node-red';
import { zoneFault } from '../channel-account/account-fields.ts';
import { checkedField } from '../shared/editor/checked-field.ts';
import { chosenVariables, prepareTargetDialog } from './dialog.editor.ts';
import { attemptsFault, rateFault } from './target-fields.ts';
import type { Variable } from './variables.editor.ts';

declare const RED: EditorRED;

RED.nodes.registerType('alert-target', {
  category: 'config',
  defaults: {
    name: { value: '' },
    store: { value: '', type: 'hub-store', required: true },
    kind: { value: 'smtp', required: true },
    host: { value: '' },
    port: { value: '465' },
    security: { value: 'tls' },
    user: { value: '' },
    from: { value: '' },
    to: { value: '' },
    url: { value: '' },
    keyword: { value: '' },
    atMobiles: { value: '' },
    atAll: { value: false },
    mentionedList: { value: '' },
    mentionedMobileList: { value: '' },
    recipients: { value: '' },
    signName: { value: '' },
    templateCode: { value: '' },
    templateId: { value: '' },
    sdkAppId: { value: '' },
    region: { value: '' },
    variables: { value: [] as Variable[] },
    baseUrl: { value: '' },
    perMinute: { value: '', validate: checkedField(rateFault) },
    attempts: { value: '', validate: checkedField(attemptsFault) },
    language: { value: '' },
    zone: { value: '', validate: checkedField((zone) => (zone ? zoneFault(zone) : undefined)) },
    showPersonal: { value: false },
    version: { value: 1 },
  },
  credentials: {
    password: { type: 'password' },
    webhookSecret: { type: 'password' },
    dingtalkWebhook: { type: 'password' },
    dingtalkSecret: { type: 'password' },
    wecomWebhook: { type: 'password' },
    feishuWebhook: { type: 'password' },
    feishuSecret: { type: 'password' },
    aliyunKeyId: { type: 'password' },
    aliyunKeySecret: { type: 'password' },
    tencentKeyId: { type: 'password' },
    tencentKeySecret: { type: 'password' },
  },
  label() {
    return this.name || this._(`alert-target.kind.${this.kind}`);
  },
  oneditprepare() {
    prepareTargetDialog(this as never);
  },
  oneditsave() {
    this.variables = chosenVariables();
  },
});
