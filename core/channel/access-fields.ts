/*
 * What an account has to say of itself before the hub can call its platform. The dialog and the running node read
 * the same table, so it knows no platform's code.
 */

/** Kept among Node-RED's credentials: never in flows, logs or errors. */
export const credentialNames = ['appKey', 'appSecret', 'accessToken'] as const;
export type CredentialName = (typeof credentialNames)[number];

/** Kept in the flow, for they are no secret. */
export const settingNames = ['address', 'shopId', 'location', 'apiVersion', 'signMethod', 'custom'] as const;
export type SettingName = (typeof settingNames)[number];

export interface AccessField {
  name: CredentialName | SettingName;
  required: boolean;
  /** What the platform's own pages call it, shown beside the label. */
  known: string;
  /** What stands in an empty field. */
  placeholder?: string;
  /** The only values there are, the first one being the default. */
  options?: readonly string[];
}

/** In the order the dialog asks. A platform that is not here only receives. */
export const accessFields: Readonly<Record<string, readonly AccessField[]>> = {
  taobao: [
    { name: 'appKey', required: true, known: 'App Key' },
    { name: 'appSecret', required: true, known: 'App Secret' },
    { name: 'accessToken', required: true, known: 'SessionKey' },
    { name: 'signMethod', required: false, known: 'sign_method', options: ['hmac-sha256', 'hmac', 'md5'] },
    { name: 'address', required: false, known: 'URL', placeholder: 'https://gw.api.taobao.com/router/rest' },
  ],
  jd: [
    { name: 'appKey', required: true, known: 'App Key' },
    { name: 'appSecret', required: true, known: 'App Secret' },
    { name: 'accessToken', required: true, known: 'access_token' },
    { name: 'address', required: false, known: 'URL', placeholder: 'https://api.jd.com/routerjson' },
  ],
  pinduoduo: [
    { name: 'appKey', required: true, known: 'client_id' },
    { name: 'appSecret', required: true, known: 'client_secret' },
    { name: 'accessToken', required: true, known: 'access_token' },
    {
      name: 'address',
      required: false,
      known: 'URL',
      placeholder: 'https://gw-api.pinduoduo.com/api/router',
    },
  ],
  douyin: [
    { name: 'appKey', required: true, known: 'app_key' },
    { name: 'appSecret', required: true, known: 'app_secret' },
    // With the shop's id the hub makes tokens itself (a self-used app); otherwise one is entered.
    { name: 'shopId', required: false, known: 'shop_id' },
    { name: 'accessToken', required: false, known: 'access_token' },
    { name: 'address', required: false, known: 'URL', placeholder: 'https://openapi-fxg.jinritemai.com' },
  ],
  shopify: [
    { name: 'accessToken', required: true, known: 'Admin API access token', placeholder: 'shpat_…' },
    { name: 'address', required: true, known: 'URL', placeholder: 'https://my-shop.myshopify.com' },
    { name: 'apiVersion', required: false, known: 'API version', placeholder: '2026-10' },
    { name: 'location', required: false, known: 'Location', placeholder: 'gid://shopify/Location/…' },
  ],
  woocommerce: [
    { name: 'appKey', required: true, known: 'Consumer key', placeholder: 'ck_…' },
    { name: 'appSecret', required: true, known: 'Consumer secret', placeholder: 'cs_…' },
    { name: 'address', required: true, known: 'URL', placeholder: 'https://shop.example.com' },
  ],
  // Which of the three credentials it needs depends on the authentication that the configuration chooses.
  custom: [
    { name: 'address', required: true, known: 'URL', placeholder: 'https://api.example.com' },
    {
      name: 'custom',
      required: true,
      known: 'JSON, docs/channels/custom.md',
      placeholder: '{"authentication": {"kind": "bearer"}, "orders": {…}}',
    },
    { name: 'appKey', required: false, known: 'user / client_id / key' },
    { name: 'appSecret', required: false, known: 'password / client_secret / HMAC secret' },
    { name: 'accessToken', required: false, known: 'token / API key' },
  ],
};
