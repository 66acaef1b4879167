/**
 * Texts that have broken connections between shops, in composed form (NFC): each must come out of the hub byte for byte
 * as it went in.
 */
export const hardTexts: readonly string[] = [
  // Two characters of each of the 17 planes of Unicode, assigned or not; the last code points that are characters.
  ...Array.from({ length: 17 }, (_, plane) =>
    String.fromCodePoint(plane * 0x1_0000 + 0x3_456, plane * 0x1_0000 + 0xff_fd),
  ).map((pair, plane) => `平面 ${plane}: ${pair}`),
  'Bluetooth® 5.3™ ©2026 ℠ №1 ½ ⅔',
  '谢谢 🙏🏽 👩‍👩‍👧‍👦 🇨🇳 🏴󠁧󠁢󠁳󠁣󠁴󠁿 1️⃣ ❤️',
  '𠮷野家的𠀀字 㐂 龘 𪚥 〇',
  'e\u0323\u0302 is one character: \u1ec7; \u0e19\u0e49\u0e33, \u0915\u094d\u0937, נָ, ك‌ی',
  'שלום \u200fעולם\u200e مرحبا \u202babc\u202c',
  'line\nbreak\r\nand\ttab, \u0085 \u2028 \u2029 \u00a0 \u200b \ufeff end',
  '"quoted" \'single\' \\back\\slash\\ /slash/ \\u4e2d \\n </script><b>bold</b> &amp; %E4%B8%AD {{x}} $1',
  '已发货 & 加急+100%；半角=全角＝，￥¥€£',
  '100000000000000000001 0.10 -0 1e400 null true',
  `${'很长的备注 '.repeat(400)}。`,
].map((text) => text.normalize('NFC'));
