/** What a value tells about a person; decides how it is masked. */
export type PersonalKind = 'name' | 'phone' | 'email' | 'address' | 'handle' | 'note';

const people = /^(receiver|recipient|consignee|buyer|customer|billing|shipping|contact)/;
const leaves: readonly [RegExp, PersonalKind][] = [
  [/(phone|mobile|telephone|tel)(number|no)?$/, 'phone'],
  [/e?mail(address)?$/, 'email'],
  [/(address|address\d|addr|street|postcode|zipcode|zip|postalcode)$/, 'address'],
  [
    /^(firstname|lastname|fullname|familyname|givenname|(receiver|recipient|consignee|buyer|customer|contact)(name|nick))$/,
    'name',
  ],
  [/(note|memo|remark|message)$/, 'note'],
];

/**
 * What kind of personal data stands at a path such as `order.receiver.phone`, told by the names in it; undefined
 * for none. Region, city and district are not personal: an alert about a late parcel needs them.
 */
export function personalKind(path: readonly string[]): PersonalKind | undefined {
  const names = path
    .filter((part) => !/^\d+$/.test(part))
    .map((part) => part.toLowerCase().replace(/[-_]/g, ''));
  const leaf = names.at(-1) ?? '';
  const known = leaves.find(([form]) => form.test(leaf))?.[1];
  if (known) return known;
  const ofPerson = names.slice(0, -1).some((part) => people.test(part));
  if (!ofPerson) return undefined;
  if (leaf === 'name') return 'name';
  return leaf === 'handle' || leaf === 'key' || leaf === 'id' ? 'handle' : undefined;
}

/**
 * A value with what identifies the person taken out: 张三丰 is 张**, 13812340000 is 138****0000. Masking twice is the
 * same as once, and what a platform has already masked stays as it is.
 */
export function maskPersonal(value: string, kind: PersonalKind): string {
  const text = value.trim();
  if (text === '') return '';
  if (kind === 'name') return `${[...text][0]}**`;
  if (kind === 'phone') return maskPhone(text);
  if (kind === 'email') return maskEmail(text);
  if (kind === 'address') return '****';
  if (kind === 'note') return maskNote(text);
  return maskMiddle(text, 2, 0);
}

/** The country code of a number is kept out of the count: +86 138****0000. */
function maskPhone(text: string): string {
  const [, country = '', number = text] = /^(\+\d{1,3}[ -]|\+86|0086)?(.*)$/s.exec(text) ?? [];
  const digits = number.replace(/[^\d*]/g, '');
  return country + (digits.length >= 11 ? maskMiddle(digits, 3, 4) : maskMiddle(digits, 0, 2));
}

function maskEmail(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 1) return maskMiddle(text, 1, 0);
  return `${[...text][0]}***${text.slice(at)}`;
}

/** Free text stays readable; numbers long enough to ring and mail addresses in it are masked. */
function maskNote(text: string): string {
  return text
    .replace(/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/gu, maskEmail)
    .replace(/\+?\d(?:[ -]?\d){6,}/g, maskPhone);
}

/** So many characters at either end, four stars between; of short texts nothing is kept. */
function maskMiddle(text: string, first: number, last: number): string {
  if (new RegExp(`^.{0,${first}}\\*{4}.{0,${last}}$`, 'su').test(text)) return text;
  const characters = [...text];
  const keep = characters.length >= 2 * (first + last) || characters.length >= 11 ? 1 : 0;
  return `${characters.slice(0, first * keep).join('')}****${keep && last ? characters.slice(-last).join('') : ''}`;
}
