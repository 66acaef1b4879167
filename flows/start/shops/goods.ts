import type { Goods } from '../../../test/simulator/shop/listing.ts';

/** What the shops of the demonstration sell, prices in fen. Each has its own ids for it, by the place in this list. */
export const goods: readonly Goods[] = [
  { sku: 'PEN-01', title: 'Moonlight® 钢笔 Fountain Pen ✒️', price: 26_800 },
  { sku: 'INK-30', title: 'Nightfall™ 墨水 Ink 30 ml', price: 5_900 },
  { sku: 'NOTE-A5', title: '方格手账本 Grid Notebook A5 📓', price: 4_500 },
  { sku: 'TAPE-12', title: '和纸胶带 Washi Tape ×12 🌸', price: 3_600 },
  { sku: 'CUP-300', title: '青釉茶杯 Celadon Cup 300 ml 🍵', price: 12_800 },
  { sku: 'TEA-100', title: '茉莉花茶 Jasmine Tea 100 g 🍵', price: 9_800 },
];
