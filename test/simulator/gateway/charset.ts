/** How a gateway writes the JSON of its answers: all but ASCII and slashes escaped, or everything as it is. */
export type JsonForm = 'escaped' | 'plain';

/** JSON in another form, with the same meaning. */
export function jsonIn(form: JsonForm, text: string): string {
  // Token by token, so that an escaped backslash is never taken for the beginning of another escape.
  const plain = text.replaceAll(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, what: string) => {
    if (what === '/') return '/';
    const unit = what.length === 5 ? Number.parseInt(what.slice(1), 16) : 0;
    return unit >= 0x80 ? String.fromCharCode(unit) : whole;
  });
  if (form === 'plain') return plain;
  // Slashes and other characters than ASCII stand within texts only.
  return plain.replaceAll('/', '\\/').replaceAll(/[\u0080-\uffff]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

let codes: Map<string, readonly [number, number]> | undefined;

/** JSON in GBK; what GBK does not have is escaped. */
export function jsonInGbk(text: string): Buffer {
  codes ??= gbkCodes();
  const bytes: number[] = [];
  for (const character of jsonIn('plain', text)) {
    const ascii = character.charCodeAt(0);
    if (ascii < 0x80) bytes.push(ascii);
    else bytes.push(...(codes.get(character) ?? Buffer.from([...unitsOf(character)].map(escaped).join(''))));
  }
  return Buffer.from(bytes);
}

function unitsOf(character: string): string[] {
  return Array.from({ length: character.length }, (_, index) => character[index]!);
}

/** The two-byte characters of GBK (GB 18030-2005, double-byte region): lead 81–FE, trail 40–FE without 7F. */
function gbkCodes(): Map<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const found = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (trail !== 0x7f && [...character].length === 1 && character !== '\ufffd' && !found.has(character))
        found.set(character, [lead, trail]);
    }
  return found;
}
