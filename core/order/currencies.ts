/**
 * ISO 4217 currencies and the number of decimals of their minor unit. The table is kept here, and not asked of
 * the runtime's Intl, because CLDR counts decimals as people write them (0 for IDR and HUF), while ISO 4217
 * counts the minor unit that payment systems use (2 for both).
 */

/** Codes in use, and those withdrawn lately that old orders still carry. */
const codes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD ' +
  'CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS ' +
  'GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD ' +
  'KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR ' +
  'NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN ' +
  'SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD ' +
  'XCG XOF XPF YER ZAR ZMW ZWG ZWL';

/** Decimals of the minor unit where they are not 2 (ISO 4217, list one). */
const exceptions: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

const exponents: ReadonlyMap<string, number> = new Map(
  codes.split(' ').map((code) => [code, exceptions[code] ?? 2]),
);

/** Decimals between the major and the minor unit (USD 2, JPY 0, KWD 3); undefined for what is no currency. */
export function currencyExponent(code: string): number | undefined {
  return exponents.get(code);
}

/** Every code `currencyExponent` knows, in alphabetical order. */
export function currencyCodes(): string[] {
  return [...exponents.keys()];
}
