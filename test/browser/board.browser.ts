import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startHub, until } from '../flows/hub-process.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { makeTemporaryDir, removeTemporaryDir } from '../support/runtime-options.ts';
import { languages, screenshotFolder } from './every-node.ts';

const expected = {
  'en-US': {
    titles: ['Latest orders', 'Latest alerts', 'Stock', 'Failed messages'],
    columns: ['Order', 'Items', 'Total', 'State', 'Stock', 'Changed'],
    states:
      /^(?:Unpaid|Deposit paid|Paid|Part shipped|Shipped|Completed|Cancelled|Refund asked|Part refund|Refunded|On hold)$/,
    retry: 'Retry',
  },
  'zh-CN': {
    titles: ['最新订单', '最近的提醒', '库存', '失败的消息'],
    columns: ['订单', '商品', '金额', '状态', '库存', '更新'],
    states: /^(?:待付款|已付定金|已付款|部分发货|已发货|已完成|已取消|申请退款|部分退款|已退款|暂停)$/,
    retry: '重试',
  },
} as const;

/** How long a machine of the tests may take until something of the simulation shows. */
const limitMs = 50_000;

interface Box {
  scrollWidth: number;
  clientWidth: number;
}

const texts = async (page: Page, selector: string): Promise<string[]> =>
  (await page.locator(selector).allTextContents()).map((text) => text.trim());

describe('the board', function () {
  this.timeout(180_000);
  let dir: string;
  let hub: Awaited<ReturnType<typeof startHub>> | undefined;

  before(async () => {
    dir = await makeTemporaryDir();
    hub = await startHub({ PORT: '0', ORDER_HUB_DIR: dir });
  });
  after(async () => {
    await hub?.stop();
    await removeTemporaryDir(dir);
  });

  for (const language of languages)
    describe(`in ${language}`, () => {
      const wanted = expected[language];
      const problems: string[] = [];
      let browser: Browser;
      let page: Page;

      before(async () => {
        browser = await openBrowser({ language, size: { width: 1240, height: 900 } });
        page = browser.page;
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text());
        });
        await page.goto(hub!.board);
      });
      after(() => browser?.close());

      it('shows orders, stock and counts that change by themselves', async () => {
        await page.locator('tr', { hasText: '#10' }).first().waitFor({ timeout: limitMs });
        await page.locator('td', { hasText: /^TEA-100$/ }).waitFor({ timeout: limitMs });
        const first = await texts(page, 'tbody tr');
        await page.waitForFunction(
          (before) =>
            [...(globalThis as unknown as PageGlobal).document.querySelectorAll('tbody tr')]
              .map((row) => row.textContent?.trim())
              .join() !== before,
          first.join(),
          { timeout: limitMs },
        );
      });

      it('is written in the language of the browser', async () => {
        const titles = await texts(page, '.oh h3');
        for (const title of wanted.titles)
          assert.ok(
            titles.some((found) => found.startsWith(title)),
            `${title} in ${titles}`,
          );
        const orders = page.locator('.oh', { has: page.locator('h3', { hasText: wanted.titles[0] }) });
        await orders.locator('tbody tr').first().waitFor({ timeout: limitMs });
        const columns = (await orders.locator('th').allTextContents()).map((text) => text.trim());
        assert.deepEqual(columns, wanted.columns);
        const states = await orders.locator('tbody tr td:nth-child(4) .oh-chip').allTextContents();
        assert.ok(states.length > 0);
        for (const state of states) assert.match(state.trim(), wanted.states);
      });

      it('has nothing that runs out of its place', async () => {
        const boxes = await page.locator('.oh-scroll, .oh-card').evaluateAll((elements) =>
          (elements as unknown as Box[]).map(({ scrollWidth, clientWidth }) => ({
            scrollWidth,
            clientWidth,
          })),
        );
        assert.ok(boxes.length > 5);
        for (const { scrollWidth, clientWidth } of boxes) assert.ok(scrollWidth <= clientWidth + 1);
      });

      it('retries a failed message at the click of its button', async () => {
        const button = page.getByRole('button', { name: wanted.retry }).last();
        await button.waitFor({ timeout: limitMs });
        const deliveries = async (): Promise<{ id: number }[]> => {
          const response = await fetch(
            `${hub!.url}order-hub/v1/deliveries?state=dead&limit=500&trail=closed`,
          );
          return ((await response.json()) as { deliveries: { id: number }[] }).deliveries;
        };
        const closedBefore = (await deliveries()).length;
        await button.click();
        await until(deliveries, (closed) => closed.length > closedBefore, limitMs);
      });

      it('comes without an error on the console', async () => {
        if (screenshotFolder)
          await page.screenshot({ path: join(screenshotFolder, `board.${language}.png`), fullPage: true });
        assert.deepEqual(problems, []);
      });
    });
});

interface PageGlobal {
  document: {
    querySelectorAll(selector: string): Iterable<{ textContent: string | null }> & { length: number };
  };
}
